"""What people read in a protocol and in its case lines is written so that no dose is misread (hazards H03, H04)."""

import re
from collections.abc import Iterator

import pytest

from aldes.protocols.cases import read_cases
from aldes.protocols.layers import layers, names_of_protocols

WORDS = ("words", "advice", "effect", "action", "exception", "reason", "source")
VERSION = re.compile(r"(CTCAE |RECIST |version |aldes )(v)?\d+(\.\d+)+")
MISREAD = {
    "a trailing zero": re.compile(r"(?<![\d.])\d+\.\d*0(?![\d.]*\d)"),
    "a naked point": re.compile(r"(?<![\w.])\.\d"),
    "the enzyme unit": re.compile(r"\d ?M?U\b"),
}


def words_of(protocol: str) -> Iterator[str]:
    """Every text that a page or a paper shows of the protocol's own file and of its case lines."""
    for table in (layers(protocol)[-1][1], read_cases(protocol)):
        for blocks in table.values():
            for block in blocks if isinstance(blocks, list) else ():
                yield from (str(block[key]) for key in WORDS if isinstance(block, dict) and key in block)


@pytest.mark.parametrize("protocol", names_of_protocols())
def test_no_words_of_a_row_can_be_misread(protocol: str) -> None:
    found = [
        f"{fault}: {text}"
        for text in words_of(protocol)
        for fault, pattern in MISREAD.items()
        if pattern.search(VERSION.sub("", text))
    ]
    assert found == []


def test_words_that_can_be_misread_are_seen() -> None:
    assert MISREAD["a trailing zero"].search("creatinine above 3.0 mg/dL")
    assert MISREAD["a naked point"].search("above .5 mg/dL")
    assert MISREAD["the enzyme unit"].search("42 MU of the drug")
    assert not any(pattern.search("2.05 mg/dL, 30 mL and 600,000 IU") for pattern in MISREAD.values())
