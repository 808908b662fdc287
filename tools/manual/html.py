"""Pages as HTML: the templates, and the one place where a cell becomes markup."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from manual.page import Card, Cell, Code, Lines, Link, Mark, Page, Run, Table, plain
from manual.status import MARKS

_ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")  # of a row, a fact, a hazard: never broken over two lines
FOLDER = Path(__file__).parent


def render(page: Page, **common: object) -> str:
    """One page in the common frame."""
    return _environment().get_template("page.html").render(page=page, **common)


def show(cell: Cell) -> Markup:
    """A cell as markup; text is escaped."""
    match cell:
        case Markup():
            return cell
        case Link(text, target):
            whole = Markup(' class="whole"') if _ID.fullmatch(text) else ""
            return Markup('<a{} href="{}">{}</a>').format(whole, target, text)
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Mark(status):
            sign, _ = MARKS[status]
            return Markup('<span class="mark {}"><span aria-hidden="true">{}</span> {}</span>').format(
                status.replace(" ", "-"), sign, status
            )
        case Run(parts):
            return Markup("").join(show(part) for part in parts)
        case Lines(parts):
            items = Markup("").join(Markup("<li>{}</li>").format(show(part)) for part in parts)
            return Markup('<ul class="lines">{}</ul>').format(items)
        case _:
            return escape(cell)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"show": show, "plain": plain}
    environment.tests |= {
        "table": lambda block: isinstance(block, Table),
        "card": lambda block: isinstance(block, Card),
    }
    return environment
