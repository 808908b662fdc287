# aldes: `make run` does the main job, `make test` proves it. Both set up first.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := .tools/bin/uv
export UV_PYTHON_DOWNLOADS = never
export PYTHONUTF8 = 1
AGAIN ?= 1
PATIENTS ?= 5000
SEED ?= 2
PROTOCOL ?=
KEEP ?=
PORT ?= 8700
KILLS ?= 500
CALLS ?= 200
BUNDLES ?= 20000

.PHONY: attack bench-pages bench-service run ward test setup lint types unit hunt campaign manual agree calibration fit ensemble picture mutate-rows mutate-grades ctcae-agree mutate bench crash load bench-record bench-outcomes published lock patients help

run: setup                 ## walk the bundled patients: the decision before the next dose, the verdict before a course
	@$(BIN)/aldes walk
	@echo; echo "The same patients on a ward, in your browser: make ward"

ward: setup                ## the ward on an embedded record with the bundled patients: prints the address; PORT=8700
	@$(BIN)/aldes serve --demo --store build/ward/ward.db --port $(PORT)

test: lint types unit      ## everything that must be green

setup: $(VENV)/.ready      ## the environment, from requirements.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install it with its venv module, then run make again."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) was found. Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python lacks venv or pip: install them (on Debian: python3-venv), then run make again."; exit 1; }
	@test -x $(UV) || { echo "setting up the installer in .tools"; $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9'; }
	@echo "setting up $(VENV) from requirements.lock"
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	@$(UV) pip sync --require-hashes --python $(BIN)/python requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . 
	@touch $@

lint: setup
	@$(BIN)/ruff check src tests tools
	@$(BIN)/ruff format --check --quiet src tests tools

types: setup
	@$(BIN)/mypy

unit: setup
	@$(BIN)/pytest -n 2 --dist loadfile

hunt: setup                ## every property on new random examples, where `make test` draws the same each time; AGAIN=N times
	@for time in $$(seq $(AGAIN)); do $(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile=hunt || exit 1; done

campaign: setup            ## the tests that draw, each with its whole draw: about ten times what `make test` draws
	@ALDES_DRAW=whole $(BIN)/pytest -n 2 -m campaign

manual: setup              ## every rule, word and source as pages: build/manual/index.html
	@PYTHONPATH=tools $(BIN)/python -m manual build/manual

agree: setup               ## three back ends on 1,000,000 patients and around every limit
	@$(BIN)/python tools/agree.py

calibration: setup         ## the mechanism against its 24 targets, 5,000 virtual patients; PROTOCOL=nci-2001: held by the virtual nurse; KEEP=1: what the manual shows
	@PYTHONPATH=tools $(BIN)/python -m calibration --patients $(PATIENTS) --seed $(SEED) --protocol "$(PROTOCOL)" $(if $(KEEP),--keep)

fit: setup                 ## the calibrated parameters searched again in two stages, at most two hours, and printed; it goes on where it was interrupted
	@PYTHONPATH=tools $(BIN)/python -m calibration.fit

ensemble: setup            ## other sets of parameters that meet 22 targets, searched again: src/aldes/mechanism/ensemble.toml
	@PYTHONPATH=tools $(BIN)/python -m calibration.acceptable

picture: setup             ## every state of the typical patient through two cycles: build/mechanism/typical.png
	@$(BIN)/python tools/mechanism_picture.py

mutate-rows: setup         ## every row mutated: each mutant must be killed by a case line
	@$(BIN)/python tools/mutate_rows.py
	@$(BIN)/python tools/mutate_watched.py
	@$(BIN)/python tools/mutate_before.py

mutate-grades: setup       ## every CTCAE grade mutated: each mutant must be killed by a case line
	@$(BIN)/python tools/mutate_grades.py

ctcae-agree: setup         ## the grades against pharmaverse's own tables: make ctcae-agree ADMIRAL=path/to/data-raw/adlb_grading
	@test -n "$(ADMIRAL)" || { echo "Name the folder with ncictcaev5.json, ncictcaev5_uscv.json and ncictcaev6_uscv.json of pharmaverse/admiral: make ctcae-agree ADMIRAL=PATH"; exit 1; }
	@$(BIN)/python tools/ctcae_agree.py $(ADMIRAL)

mutate: setup              ## mutmut on questions, findings, dose and slots
	@$(BIN)/python tools/mutate.py

bench: setup               ## the speeds that the project promises
	@$(BIN)/python tools/bench.py

crash: setup               ## kill the record, fill its disk, cut its power: what is left; KILLS=500 CALLS=200
	@PYTHONPATH=tools $(BIN)/python -m crash --kills $(KILLS) --calls $(CALLS)

bench-record: setup        ## a course of 10,000 events opened cold: read, decoded, folded, decided
	@$(BIN)/python tools/bench_record.py

bench-pages: setup         ## first paint, weight and a routine check in a real Chromium, on a ward with forty patients
	@$(BIN)/python tools/bench_pages.py

bench-service: setup       ## the ward over HTTP: decision, long course, board, and ten minutes of mixed load with its memory
	@$(BIN)/python tools/bench_service.py

attack: setup              ## the interface asked by its description, and 20,000 spoiled bundles; BUNDLES=20000
	@PYTHONPATH=tools $(BIN)/python -m attack --bundles $(BUNDLES)

load: setup                ## 16 clients, 20,000 events, 20 courses on each store, and the check of their history
	@PYTHONPATH=tools $(BIN)/python -m crash.load

published: setup           ## published numbers reckoned again, published against computed; REBUILT=folder for the rebuilt curves
	@$(BIN)/python tools/published.py $(REBUILT)

bench-outcomes: setup      ## survival of a million patients, each estimate timed
	@$(BIN)/python tools/bench_outcomes.py

patients: setup            ## write the bundled patients again
	@$(BIN)/python tools/make_patients.py

lock: setup                ## resolve the dependencies again
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --all-extras --group dev pyproject.toml -o requirements.lock

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14
