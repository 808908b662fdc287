"""Organ function and comorbidity at a glance: what the rows answer, what was measured, and where no row answers."""

from collections.abc import Callable, Sequence

from aldes.selection.asking import Asking
from aldes.selection.assessment import Answered, Organ, Shown

# What is shown of each organ beside its rows. Nothing is computed: the register holds no formula for the clearance.
FINDINGS: dict[str, tuple[str, ...]] = {
    "heart": ("lvef", "wall_motion_impaired", "stress_test_abnormal", "coronary_disease", "cardiac_history"),
    "lung": ("fev1", "fev1_percent", "fev1_fvc", "pao2", "pulmonary_history"),
    "kidney": ("creatinine", "creatinine_clearance", "renal_impairment"),
    "liver": ("bilirubin", "alt", "ast", "albumin", "hepatic_impairment"),
    "blood": ("haemoglobin", "haematocrit", "white_cells", "neutrophils", "platelets"),
    "brain": ("brain_scan_positive", "cns_metastases", "cns_impairment", "seizure_disorder"),
    "infection": ("infection", "infection_untreated"),
    "autoimmunity": ("autoimmune_disease", "flare_disease"),
    "transplant": ("allograft",),
}
_NOTES = {"kidney": "a creatinine clearance is shown as measured, never computed: no formula stands in the register"}


def organs(asking: Asking, rows: Sequence[Answered], show: Callable[[str], Shown]) -> tuple[Organ, ...]:
    """The summary, organ by organ, in one order for every protocol."""
    found = []
    for about, findings in FINDINGS.items():
        own = tuple((row.row, row.answer) for row in rows if row.about == about and row.type != "N")
        values = (show(name) for name in findings)
        found.append(
            Organ(
                about=about,
                rows=own,
                values=tuple(each for each in values if each.value is not None),
                note="; ".join(
                    each for each in (_NOTES.get(about, ""), "" if own else "no row answers for it") if each
                ),
            )
        )
    return tuple(found)
