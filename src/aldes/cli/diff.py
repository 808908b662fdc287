"""Two protocols side by side: where their rows differ, and the patients on whom they disagree."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aldes import ward
from aldes.cli import exits
from aldes.exchange import read as read_record
from aldes.findings.read import vocabulary
from aldes.protocols.differences import (
    Difference,
    counting_differences,
    differences,
    required_differences,
)
from aldes.protocols.read import read
from aldes.protocols.row import Count, NotCovered, Protocol, Row
from aldes.protocols.situations import NOT_COVERED, Cell, Situation, situations
from aldes.questions.words import in_words

SITE = "demo"  # where no site is named: the invented one, and every page says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One cell with what the program answers."""

    situation: Situation
    cell: Cell
    answers: tuple[str, ...]
    scope: str | None
    because: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the answer is the one of the evidence."""
        return self.answers == self.cell.expect and self.cell.scope in ("", self.scope)

    @property
    def fault(self) -> str:
        """What is wrong with the cell: it differs without a reason, or its reason explains nothing any more."""
        if self.agrees:
            return "it is reproduced: take 'ours' and 'missed' out" if self.cell.missed else ""
        return "" if self.answers == self.cell.ours else "it differs, and no reason says why"


def show_cases(as_json: bool) -> int:
    """The table of situations, every cell asked; the exit code says whether one differs without a reason."""
    table = tuple(answered())
    faults = [each for each in table if each.fault]
    if as_json:
        print(json.dumps([_cell_document(each) for each in table], ensure_ascii=False, indent=2))
    else:
        for situation in situations().situations:
            print(f"{situation.id}  {situation.words}")
            for each in table:
                if each.situation is situation:
                    print(_cell_line(each))
        missed = sum(bool(each.cell.missed) for each in table)
        print(f"{len(table)} cells: {len(table) - missed - len(faults)} reproduced, {missed} with a reason, "
              f"{len(faults)} differ")  # fmt: skip
    return exits.BAD_PROTOCOL if faults else 0


def answered() -> Iterator[Answered]:
    """Every cell of the table, asked of its protocol."""
    table = situations()
    protocols = {each.pack: each.resolved(SITE) for each in table.columns}
    for situation in table.situations:
        for cell in situation.cells:
            yield _ask(situation, cell, protocols[cell.pack])


def _ask(situation: Situation, cell: Cell, protocol: Protocol) -> Answered:
    documents = list(documents_of(situation, protocol))
    wanted = cell.expect if len(cell.expect) == len(documents) else [""] * len(documents)
    return Answered(
        situation=situation,
        cell=cell,
        answers=tuple(
            _word(each, situation, asked) for each, asked in zip(documents, wanted, strict=True)
        ),
        scope=documents[-1]["scope"],
        because=tuple(dict.fromkeys(row["row"] for each in documents for row in each["because"])),
    )  # fmt: skip


def documents_of(situation: Situation, protocol: Protocol) -> Iterator[dict[str, Any]]:
    """The decision documents of a situation under one protocol, one for each asking."""
    table = situations()
    for h_ago in situation.asked_h_ago:
        now = table.now - timedelta(hours=h_ago)
        line = {"id": situation.id, "findings": situation.items(table.well, table.now, h_ago)}
        reading = read_record(json.dumps(line).encode(), now=now)
        yield ward.answer(reading.events, protocol, now, patient=situation.id, alert=reading.alert)


def _word(document: Mapping[str, Any], situation: Situation, wanted: str) -> str:
    """The decision; where the evidence has no row, that the topic is listed as not covered."""
    listed = situation.topic in {each["topic"] for each in document["not_covered"]}
    return NOT_COVERED if wanted == NOT_COVERED and document["decision"] == "give" and listed else document["decision"]


def _cell_line(each: Answered) -> str:
    mark = "reproduced" if each.agrees else "DIFFERS"
    if not each.agrees and not each.fault:
        mark = f"missed: {each.cell.missed}"
    scope = f", {each.scope}" if each.scope else ""
    said = f"{', then '.join(each.answers)}{scope}"
    return f"  {each.cell.pack:<9} {each.cell.printed:<52} → {said:<24} {mark}" + (
        f": {each.fault}" if each.fault else ""
    )


def _cell_document(each: Answered) -> dict[str, Any]:
    return {
        "situation": each.situation.id,
        "words": each.situation.words,
        "pack": each.cell.pack,
        "printed": each.cell.printed,
        "expected": list(each.cell.expect),
        "answered": list(each.answers),
        "scope": each.scope,
        "because": list(each.because),
        "reproduced": each.agrees,
        "missed": each.cell.missed,
        "fault": each.fault,
    }


# ── two protocols ──


def show_difference(one: str, other: str, site: str | None, as_json: bool) -> int:
    """Where two protocols differ, row by row, and on which of the situations."""
    ours, theirs = read(one, site or SITE), read(other, site or SITE)
    if as_json:
        print(json.dumps(_document(ours, theirs), ensure_ascii=False, indent=2))
        return 0
    print(f"< {ours.id}: {ours.words}\n> {theirs.id}: {theirs.words}\nat site {ours.site}: {ours.site_words}")
    for each in differences(ours, theirs):
        print(f"\n{each.topic}")
        for side, mark in ((each.ours, "<"), (each.theirs, ">")):
            for row in side:
                print(_row_lines(row, mark))
        for reason, mark in ((each.our_reason, "<"), (each.their_reason, ">")):
            if reason:
                print(f"  {mark} no row: {reason.reason}")
    _print_counts(counting_differences(ours, theirs))
    _print_required(required_differences(ours, theirs))
    print("\nanswered differently")
    for situation, said in _disagreements(ours, theirs):
        print(f"  {situation.id:<10} {situation.words}\n{'':<13}< {said[0]}   > {said[1]}")
    return 0


def _row_lines(row: Row, mark: str) -> str:
    dose = f" (from dose {row.from_dose})" if row.from_dose > 1 else ""
    scope = f", {row.scope}" if row.kind.value == "stop" else ""
    found = [
        f"  {mark} {row.id:<16} {row.kind}{scope}: {in_words(row.question, vocabulary())}{dose}",
        f"{'':<21} {row.source}; {row.status}",
    ]
    if row.resume is not None:
        by = f", judged by a {row.resume_by}" if row.resume_by else ""
        found.insert(1, f"{'':<21} resumes: {in_words(row.resume, vocabulary())}{by}")
    return "\n".join(found)


def _print_counts(counts: tuple[tuple[Count, ...], tuple[Count, ...]]) -> None:
    if any(counts):
        print("\ncounting")
    for side, mark in zip(counts, "<>", strict=True):
        for each in side:
            print(f"  {mark} {each.id:<16} {each.words} ({each.rule}; {each.source}; {each.status})")


def _print_required(required: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    if any(required):
        print("\nrequired before a dose")
    for side, mark in zip(required, "<>", strict=True):
        for name in side:
            print(f"  {mark} {vocabulary()[name].words}")


def _disagreements(ours: Protocol, theirs: Protocol) -> Iterator[tuple[Situation, tuple[str, str]]]:
    """The situations that the two answer differently, in full words of a decision."""
    for situation in situations().situations:
        said = tuple(_said(situation, protocol) for protocol in (ours, theirs))
        if said[0] != said[1]:
            yield situation, (said[0], said[1])


def _said(situation: Situation, protocol: Protocol) -> str:
    documents = documents_of(situation, protocol)
    return ", then ".join(
        f"{each['decision']}{f' ({scope})' if (scope := each['scope']) else ''}" for each in documents
    )


def _document(ours: Protocol, theirs: Protocol) -> dict[str, Any]:
    counts, required = counting_differences(ours, theirs), required_differences(ours, theirs)
    return {
        "protocols": [ours.id, theirs.id],
        "topics": [_topic(each) for each in differences(ours, theirs)],
        "counting": [[each.id for each in side] for side in counts],
        "required": [list(side) for side in required],
        "situations": [
            {"id": situation.id, "words": situation.words, "answers": list(said)}
            for situation, said in _disagreements(ours, theirs)
        ],
    }


def _topic(each: Difference) -> dict[str, Any]:
    return {
        "topic": each.topic,
        "rows": [[_row(row) for row in side] for side in (each.ours, each.theirs)],
        "no_row": [_no_row(each.our_reason), _no_row(each.their_reason)],
    }


def _no_row(reason: NotCovered | None) -> str | None:
    return reason.reason if reason else None


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "asks": in_words(row.question, vocabulary()),
        "resumes": in_words(row.resume, vocabulary()) if row.resume else None,
        "scope": row.scope if row.kind.value == "stop" else None,
        "source": str(row.source),
        "status": row.status,
    }
