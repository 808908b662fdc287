"""Names that are taken for each other at a glance (hazard H09)."""

import unicodedata

from aldes.course.patient import Patient

SHORTEST = 4  # letters: of shorter family names, one letter is most of the name, and every other one would be like it
_LOOKS_LIKE = str.maketrans(  # Cyrillic, Greek and digits, and the Latin letters that they look like
    "аеорсухікмнтв" + "αορνικμτβ" + "01|ı",
    "aeopcyxikmhtb" + "aopvikmtb" + "olli",
)


def look_alike(one: Patient, other: Patient) -> bool:
    """Whether one is taken for the other by name: the same family name, one letter apart, or the two names swapped."""
    (family, given), (their_family, their_given) = _seen(one), _seen(other)
    if (family, given) == (their_given, their_family):
        return True
    if family == their_family:
        return True
    return min(len(family), len(their_family)) >= SHORTEST and one_letter_apart(family, their_family)


def seen(name: str) -> str:
    """A name as a hurried eye sees it: no accents, no case, no blanks and strokes, letters that look alike as one."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name)).casefold()
    plain = "".join(each for each in letters if each.isalnum() or each == "|")
    return plain.translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes one of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _seen(patient: Patient) -> tuple[str, str]:
    return seen(patient.family), seen(patient.given)
