"""Build the manual: `make manual`, or `PYTHONPATH=tools python -m manual FOLDER`."""

import sys
from pathlib import Path

from manual.build import build

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/manual")
written = build(folder)
print(f"{len(written)} files in {folder}; open {folder / 'index.html'}")
