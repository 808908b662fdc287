"""The pathway of the mechanism as a picture: boxes and arrows as data, drawn as SVG that follows the page's colours."""

from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, TALL = 140, 46, 15  # of a box; the height of a line of text


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One quantity of the model, where it stands and the states that it stands for."""

    words: tuple[str, ...]
    x: int
    y: int
    states: tuple[str, ...] = ()


WATER = "plasma interstitium plasma_albumin interstitial_albumin"
BOXES = {
    name: Box(words=words, x=x, y=y, states=tuple(states.split()))
    for name, words, x, y, states in (
        ("dose", ("dose",), 20, 150, ""),
        ("plasma", ("drug in plasma,", "receptors"), 190, 150, "central exposure cd25"),
        ("tissue", ("drug in tissue", "and under the skin"), 190, 20, "peripheral depot passage"),
        ("activation", ("activation", "of lymphocytes"), 360, 20, "activation"),
        ("tnf", ("tumour necrosis", "factor"), 360, 150, "tnf"),
        ("ifn", ("interferon-γ,", "interleukin-6"), 360, 280, "induced released ifn"),
        ("leak", ("leaking vessels,", "scar"), 190, 390, "leak scar"),
        ("cells", ("NK, CD8, Treg,", "other cells"), 530, 20, "nk cd8 treg other nk_out t_out"),
        ("blood", ("eosinophils, plate-", "lets, bilirubin"), 530, 85, "il5 eosinophils platelets bilirubin"),
        ("fever", ("fever",), 530, 150, "fever"),
        ("burden", ("burden: brain,", "gut, fatigue"), 530, 215, "burden"),
        ("dilation", ("open vessels,", "nitrate"), 530, 280, "dilation nitrate"),
        ("water", ("water and albumin", "in plasma, in tissue"), 700, 390, WATER),
        ("effectors", ("effectors",), 700, 20, "effectors"),
        ("pressure", ("mean pressure",), 700, 280, ""),
        ("tumour", ("tumour,", "new lesions"), 870, 20, "log_tumour new_lesions"),
        ("kidney", ("kidney: creatinine,", "injury"), 870, 280, "creatinine injury"),
    )
}
ARROWS: tuple[tuple[str, str], ...] = (
    *(("dose", "plasma"), ("plasma", "tissue"), ("tissue", "plasma"), ("plasma", "activation"), ("plasma", "tnf")),
    *(("plasma", "ifn"), ("plasma", "leak"), ("activation", "cells"), ("activation", "blood"), ("activation", "tnf")),
    *(("tnf", "fever"), ("tnf", "leak"), ("ifn", "burden"), ("ifn", "dilation"), ("ifn", "leak"), ("leak", "plasma")),
    *(("cells", "effectors"), ("effectors", "tumour"), ("dilation", "pressure")),
    *(("pressure", "kidney"), ("leak", "water"), ("leak", "dilation"), ("water", "pressure"), ("kidney", "water")),
)


def words() -> str:
    """The picture in a sentence for each arrow: what a reader hears who cannot see it."""
    leads: dict[str, list[str]] = {}
    for start, end in ARROWS:
        leads.setdefault(start, []).append(_said(end))
    return ". ".join(f"{_said(start)} acts on {'; '.join(ends)}" for start, ends in leads.items()) + "."


def _said(name: str) -> str:
    return " ".join(BOXES[name].words).replace("- ", "")


def picture() -> Markup:
    """The SVG, inline, so that it takes ink and paper of the page in light, dark and print."""
    drawn = Markup("\n").join([*(_arrow(*each) for each in ARROWS), *(_box(each) for each in BOXES.values())])
    right, low = max(each.x for each in BOXES.values()) + WIDTH, max(each.y for each in BOXES.values()) + HEIGHT
    return Markup(
        '<svg class="pathway" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z"/></marker></defs>\n{}\n</svg>'
    ).format(right + 20, low + 20, words(), drawn)


def _box(each: Box) -> Markup:
    first = each.y + HEIGHT / 2 + 4 - TALL * (len(each.words) - 1) / 2
    text = Markup("").join(
        Markup('<text x="{}" y="{:g}">{}</text>').format(each.x + WIDTH // 2, first + TALL * line, escape(words))
        for line, words in enumerate(each.words)
    )
    return Markup('<g><rect x="{}" y="{}" width="{}" height="{}" rx="5"/>{}</g>').format(
        each.x, each.y, WIDTH, HEIGHT, text
    )


def _arrow(start: str, end: str) -> Markup:
    """A straight line between the borders of two boxes; the way back of a pair runs beside it."""
    one, other = BOXES[start], BOXES[end]
    aside = 12 if (end, start) in ARROWS else 0
    ax, ay, bx, by = one.x + WIDTH / 2, one.y + HEIGHT / 2, other.x + WIDTH / 2, other.y + HEIGHT / 2
    if aside:
        side = aside if start < end else -aside
        ax, bx = ax + side, bx + side
    (x1, y1), (x2, y2) = _border(ax, ay, bx, by, one), _border(bx, by, ax, ay, other)
    return Markup('<path class="arrow" marker-end="url(#head)" d="M{:.0f} {:.0f} L{:.0f} {:.0f}"/>').format(
        x1, y1, x2, y2
    )


def _border(ax: float, ay: float, bx: float, by: float, box: Box) -> tuple[float, float]:
    """Where the line from (ax, ay), inside the box, to (bx, by) leaves it."""
    across, down = bx - ax, by - ay
    right, low = box.x + WIDTH, box.y + HEIGHT
    shares = []
    if across:
        shares.append(((right if across > 0 else box.x) - ax) / across)
    if down:
        shares.append(((low if down > 0 else box.y) - ay) / down)
    share = min(shares)
    return ax + share * across, ay + share * down
