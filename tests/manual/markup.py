"""A strict look at a page: its tags, its ids, its links, the files that it loads and the text that people read."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "col", "wbr"}
INSIDE = {  # an element → what must stand directly around it
    "li": {"ul", "ol"},
    "dt": {"div", "dl"},
    "dd": {"div", "dl"},
    "tr": {"thead", "tbody"},
    "td": {"tr"},
    "th": {"tr"},
    "caption": {"table"},
    "summary": {"details"},
}
PHRASING = {"p", "h1", "h2", "h3", "h4", "dt", "caption", "summary", "a", "span", "code"}
BLOCK = {"p", "div", "ul", "ol", "dl", "table", "section", "article", "h1", "h2", "h3", "h4", "pre", "nav", "details"}


@dataclass
class Looked:
    """What a page holds, and what is wrong with it."""

    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    by_id: dict[str, list[str]] = field(default_factory=dict)  # the text inside each element with an id

    @property
    def text(self) -> str:
        """All that people read."""
        return "\n".join(self.texts)

    def within(self, id: str) -> str:
        """What people read inside the element of this id."""
        return " ".join(" ".join(self.by_id[id]).split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Looked()
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if len(held) != len(attrs):
            self.fault(f"<{tag}> has an attribute twice")
        around = self.open[-1][0] if self.open else ""
        if tag in INSIDE and around not in INSIDE[tag]:
            self.fault(f"<{tag}> stands in <{around}>")
        if tag in BLOCK and (inner := [each for each, _ in self.open if each in PHRASING]):
            self.fault(f"<{tag}> stands in <{inner[-1]}>")
        self.note(tag, {key: value or "" for key, value in held.items()})
        if tag not in VOID:
            self.open.append((tag, held.get("id") or ""))

    def note(self, tag: str, held: dict[str, str]) -> None:
        if "id" in held:
            self.found.ids.append(held["id"])
            self.found.by_id[held["id"]] = []
        if tag == "a":
            self.found.links.append(held.get("href", ""))
        elif tag == "link" or "src" in held:
            self.found.loads.append(held.get("href", "") or held.get("src", ""))
        if "style" in held or any(key.startswith("on") for key in held):
            self.fault(f"<{tag}> carries a style or a script of its own")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.fault(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        tags = [each for each, _ in self.open]
        if "script" in tags or "style" in tags:
            self.fault("a script or a style stands in the page")
        if data.strip():
            self.found.texts.append(data)
            for _, id in self.open:
                if id:
                    self.found.by_id[id].append(data)

    def fault(self, words: str) -> None:
        self.found.faults.append(f"line {self.getpos()[0]}: {words}")


def look(html: str) -> Looked:
    """What is in a page; `faults` is empty where every tag is closed, in its place and known."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.found.faults += [f"<{tag}> is never closed" for tag, _ in parser.open]
    twice = {id for id in parser.found.ids if parser.found.ids.count(id) > 1}
    parser.found.faults += [f"the id {id} stands twice" for id in sorted(twice)]
    return parser.found
