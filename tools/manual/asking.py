"""Questions, findings and citations as a reader sees them, with the places that they lead to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from aldes.evidence.register import read_register
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Vocabulary, Worse
from aldes.protocols.layers import layers
from aldes.questions.parse import parse
from aldes.questions.tree import Name, Not, Number, Question, names
from aldes.questions.words import in_words, value_words
from manual.page import Cell, Link, joined, run

STAND_IN = 900_001.0  # beyond every limit and every setting
_FACT = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b")
_DECISION = re.compile(r"(?:docs/decisions/)?(\d{4})\b")


@cache
def owed(protocol: str) -> Mapping[str, str]:
    """The settings that a protocol's own predicates name, with what each is."""
    return {key: str(words) for _, table in layers(protocol) for key, words in table.get("settings", {}).items()}


def in_full(question: Question, text: str, protocol: str) -> str:
    """A question in words, read again from its text so that a setting that no site has made keeps its place."""
    return in_words(_with_settings(text, protocol) if text else question, _named(protocol))


def complement(question: Question, text: str, protocol: str) -> str:
    """That the question is answered no, in words."""
    return in_words(Not(_with_settings(text, protocol) if text else question), _named(protocol))


def _with_settings(text: str, protocol: str) -> Question:
    """The question with each setting by its name: read with a number that stands in for it, then named."""
    stand_ins = {key: STAND_IN + number for number, key in enumerate(owed(protocol))}
    named: Question = _named_again(parse(text, vocabulary(), stand_ins), {held: key for key, held in stand_ins.items()})
    return named


def _named_again(node: Any, keys: Mapping[float, str]) -> Any:
    if isinstance(node, Number):
        return Name(keys[node.value]) if node.value in keys else node
    if isinstance(node, tuple):
        return tuple(_named_again(each, keys) for each in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{each.name: _named_again(getattr(node, each.name), keys) for each in fields(node)})


@cache
def _named(protocol: str) -> Vocabulary:
    """The vocabulary, with the words of the protocol's settings."""
    return Vocabulary({**vocabulary().findings, **{key: _setting(key) for key in owed(protocol)}})


def _setting(key: str) -> Finding:
    words = f"the site's setting {key}"
    return Finding(name=key, words=words, kind=Kind.NUMBER, group=Group.COURSE, worse=Worse.NONE)


def findings(*questions: Question | None) -> Cell:
    """The findings that the questions ask, each once, as links into the vocabulary."""
    asked = dict.fromkeys(name.finding for each in questions if each is not None for name in names(each))
    return joined(tuple(finding(name) for name in asked if name in vocabulary().findings))


def finding(name: str) -> Cell:
    """A finding by its words, as a link into the vocabulary."""
    return Link(vocabulary()[name].words, f"vocabulary.html#{name}") if name in vocabulary().findings else name


def value(found: object, name: str) -> str:
    """A value of a finding with its unit: "90 %", "yes", "normal"."""
    if isinstance(found, float):
        found = Decimal(repr(found))
    if isinstance(found, int) and not isinstance(found, bool):
        found = Decimal(found)
    return value_words(found, name, vocabulary()) if isinstance(found, Decimal | bool | str) else str(found)


def citation(cited: Citation) -> Cell:
    """A source and the exact place in it; one of our own rules leads to its decision page."""
    page = _DECISION.match(cited.place) if cited.source == "policy" else None
    if page:
        return run(Link(f"policy {page[1]}", f"decision-{page[1]}.html"), cited.place[page.end() :])
    return run(Link(cited.source, f"sources.html#{cited.source}"), f" {cited.place}")


def citations(cited: Iterable[Citation]) -> Cell:
    """Several places, one after the other."""
    return joined(tuple(citation(each) for each in cited), "; ")


def linked(text: str) -> Cell:
    """A text in which the ids of facts lead to them."""
    known = read_register().by_id
    parts: list[Cell] = []
    end = 0
    for found in _FACT.finditer(text):
        if found[0] in known:
            parts += [text[end : found.start()], Link(found[0], f"facts.html#{found[0]}")]
            end = found.end()
    return run(*parts, text[end:]) if parts else text
