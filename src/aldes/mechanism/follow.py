"""The weeks and months after the drug: only activation, receptors, cells, tumour and new lesions still move."""

from aldes.mechanism.model import immune, tumour
from aldes.mechanism.parameters import Params
from aldes.mechanism.state import Slow, State


def slow(y: State) -> Slow:
    """What of the whole state goes on."""
    return Slow(*(getattr(y, name) for name in Slow._fields))


def slow_rhs(y: Slow, p: Params) -> Slow:
    """Their time derivatives without the drug: the blocks of `model.py`, nothing else."""
    cells = immune(y, p, 0.0)
    tumours = tumour(y, p)
    return Slow(
        cd25=cells.cd25,
        activation=cells.activation,
        nk=cells.nk,
        cd8=cells.cd8,
        treg=cells.treg,
        other=cells.other,
        effectors=tumours.effectors,
        log_tumour=tumours.growth,
        new_lesions=tumours.new_lesions,
    )
