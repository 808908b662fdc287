"""Two people act at once, each at a program of their own, on one record in a file."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import builders as b
import pytest
from shift import BED, NURSE, OTHER_NURSE, PHARMACIST, PHYSICIAN, Shift, Signature, shift

from aldes.course.journal import Command
from aldes.course.keeping import Kind
from aldes.errors import AldesError
from aldes.journals import open_journal
from aldes.ward import Ward
from aldes.ward.acts import Act, Go, Prepare, Start


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the record is."""
    return tmp_path / "record"


def at_once(path: Path, *doing: tuple[Act, Signature, Command | None], now: Callable) -> list[object]:
    """What came of acts that were done at the same moment, each by a program of its own on the record."""
    wards = [Ward(open_journal(str(path), Kind.DEMO), protocol=b.LABEL, site="demo", clock=now) for _ in doing]
    for ward in wards:
        ward.course(BED)  # both have looked
    came: list[object] = [None] * len(doing)
    together = Barrier(len(doing))

    def act(number: int) -> None:
        what, signature, command = doing[number]
        together.wait()
        try:
            came[number] = wards[number].perform(BED, what, signature, command=command)
        except AldesError as refused:
            came[number] = refused

    threads = [Thread(target=act, args=(number,)) for number in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ward in wards:
        ward.journal.close()
    return came


def before_the_fourteenth(path: Path) -> Shift:
    """Thirteen doses were given, the fourteenth is prepared and has its go."""
    ward = shift(given=13, journal=open_journal(str(path), Kind.DEMO))
    ward.do(Go(), PHYSICIAN)
    ward.do(Prepare(), PHARMACIST, NURSE)
    return ward


@pytest.mark.parametrize("again", range(5))
def test_two_nurses_who_start_the_last_dose_at_once_start_one(path, again):
    """Hazards H22, H23: what is judged and what is written are one commit."""
    ward = before_the_fourteenth(path)
    start = Start(bag=ward.bag())
    one, other = Signature(person=NURSE, second=OTHER_NURSE), Signature(person=OTHER_NURSE, second=NURSE)
    came = at_once(path, (start, one, None), (start, other, None), now=lambda: ward.now)
    assert sum(isinstance(each, AldesError) for each in came) == 1
    assert len([each for each in ward.course.in_cycle if each.given]) == 14
    ward.ward.journal.close()


def test_a_double_click_starts_one_dose_and_both_are_told_so(path):
    """Hazards H23, H68: one command, sent twice at once."""
    ward = before_the_fourteenth(path)
    act = (Start(bag=ward.bag()), Signature(person=NURSE, second=OTHER_NURSE), Command(id="click", digest="start"))
    came = at_once(path, act, act, now=lambda: ward.now)
    assert not any(isinstance(each, AldesError) for each in came)
    assert sorted(each.again for each in came) == [False, True]
    assert len([each for each in ward.course.in_cycle if each.given]) == 14
    ward.ward.journal.close()
