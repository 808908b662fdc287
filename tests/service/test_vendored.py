"""Files of others are what they were when they were looked at (hazard H82), and carry their licences."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTS = [ROOT / "src" / "aldes" / "service" / "static" / "vendor", ROOT / "tests" / "service" / "axe"]
ROW = re.compile(r"^\| (\S+\.(?:js|css)) \| (\S+ \S+) \| (\S+) \| (\S+) \| ([0-9a-f]{64}) \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", LISTS, ids=lambda path: path.name)
def test_every_file_of_others_is_listed_unchanged_with_its_licence(folder):
    listed = {match[1]: match for match in ROW.finditer((folder / "VENDORED.md").read_text(encoding="utf-8"))}
    there = {path.name for path in folder.iterdir() if path.suffix in (".js", ".css")}
    assert set(listed) == there
    for name, match in listed.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == match[5]
        assert (folder / match[4]).read_text(encoding="utf-8").strip()
