"""The model's own symbols as MathML: fractions, powers and indices, as browsers draw them without any script."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from aldes.mechanism.equations import Equation
from aldes.mechanism.symbols import Part, Symbol

_LEVEL = {"<": 0, "+": 1, "-": 1, "*": 2, "negative": 3}
_TIGHT, _POWER, _FRACTION = 9, 8, 7
_WHOLE = ("cd25", "cd8", "il5")  # names whose number is no index
LONGEST = 70  # characters of an expression in one line
_STACK = Markup('<mtable columnalign="left">{}</mtable>')
_SIGN = {"+": "+", "-": "−", "<": "<"}
_GREEK = {
    "gamma": "γ",
    "delta": "δ",
    "kappa": "κ",
    "rho": "ρ",
    "sigma": "σ",
    "mu": "μ",
    "pi": "π",
    "omega": "ω",
    "eta": "η",
}


def equation(each: Equation) -> Markup:
    """One equation: a derivative for each state of the right-hand side, else the quantity itself."""
    left = _name(each.name)
    if each.block == "rhs":
        left = Markup("<mfrac><mrow><mi>d</mi>{}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>").format(left)
    terms = list(_terms(each.expression)) if len(str(each.expression)) > LONGEST else [(each.expression, "")]
    lines = [Markup("<mo>{}</mo>{}").format(sign, _made(part)[0]) for part, sign in terms]
    rows = Markup("").join(Markup("<mtr><mtd>{}</mtd></mtr>").format(line) for line in lines)
    right = lines[0].replace(Markup("<mo></mo>"), Markup("")) if len(lines) == 1 else _STACK.format(rows)
    return Markup('<math display="block"><mrow>{}<mo>=</mo>{}</mrow></math>').format(left, right)


def _terms(part: Part, sign: str = "") -> Iterator[tuple[Part, str]]:
    """The terms of a sum, each with the sign before it, so that a long one stands on several lines."""
    if isinstance(part, Symbol) and part.head in ("+", "-"):
        left, right = part.parts
        yield from _terms(left, sign)
        if part.head == "+":
            yield from _terms(right, "+")
        else:
            yield right, "−"
    else:
        yield part, sign


def expression(part: Part) -> Markup:
    """An expression, with the brackets that it needs and no others."""
    return _made(part)[0]


def _made(part: Part) -> tuple[Markup, int]:
    """The markup, and how tightly its outermost operation binds."""
    if not isinstance(part, Symbol):
        return Markup("<mn>{}</mn>").format(f"{part:g}"), _TIGHT
    if not part.parts:
        return _name(part.head), _TIGHT
    match part.head, part.parts:
        case "/", (above, below):
            return Markup("<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>").format(
                _made(above)[0], _made(below)[0]
            ), _FRACTION
        case "power", (base, exponent):
            return Markup("<msup><mrow>{}</mrow><mrow>{}</mrow></msup>").format(
                _at(base, _TIGHT), _made(exponent)[0]
            ), _POWER
        case "exp", (exponent,):
            return Markup("<msup><mi>e</mi><mrow>{}</mrow></msup>").format(_made(exponent)[0]), _POWER
        case "negative", (only,):
            return Markup("<mo>−</mo>{}").format(_at(only, _LEVEL["negative"])), _LEVEL["negative"]
        case "where", (condition, yes, no):
            return _either(condition, yes, no), _TIGHT
        case ("+" | "-" | "*" | "<") as head, (left, right):
            level = _LEVEL[head]
            sign = Markup("<mo>·</mo>") if head == "*" else Markup("<mo>{}</mo>").format(_SIGN[head])
            return _at(left, level) + sign + _at(right, level + (head == "-")), level
    return _function(part), _TIGHT


def _function(part: Symbol) -> Markup:
    name = {"log": "ln", "minimum": "min", "maximum": "max"}[part.head]
    inside = Markup("<mo>,</mo>").join(_made(each)[0] for each in part.parts)
    return Markup("<mi>{}</mi><mrow><mo>(</mo>{}<mo>)</mo></mrow>").format(name, inside)


def _either(condition: Part, yes: Part, no: Part) -> Markup:
    row = Markup("<mtr><mtd>{}</mtd><mtd><mtext>{}</mtext>{}</mtd></mtr>")
    rows = row.format(_made(yes)[0], "if ", _made(condition)[0]) + row.format(_made(no)[0], "else", "")
    return Markup("<mrow><mo>{{</mo><mtable>{}</mtable></mrow>").format(rows)


def _at(part: Part, level: int) -> Markup:
    made, own = _made(part)
    return (
        Markup("<mrow>{}</mrow>").format(made)
        if own >= level
        else Markup("<mrow><mo>(</mo>{}<mo>)</mo></mrow>").format(made)
    )


def _name(name: str) -> Markup:
    """A name of the model: what follows the first underscore, or a last digit, is its index."""
    head, _, index = name.partition("_")
    if not index and head not in _WHOLE and head[-1].isdigit():
        head, index = head.rstrip("0123456789"), head[len(head.rstrip("0123456789")) :]
    shown = Markup("<mi>{}</mi>").format(escape(_GREEK.get(head, head)))
    return Markup("<msub>{}<mtext>{}</mtext></msub>").format(shown, index.replace("_", " ")) if index else shown
