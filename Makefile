# Vigía: everything that a user or a developer runs. `make` alone lists it.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
SCORER ?= ../shared/tools/score.py
GOLD ?= $(wildcard tests/newsroom/articles/*.jsonl training/articles/*.jsonl)

# Every command and test starts processes anew: without stored bytecode each would compile the whole of Vigía.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format evaluate benchmark model elasticsearch clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.model ## make the virtual environment, install Vigía and a Spanish model into it

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vigía needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.model: $(VENV)/.installed
	$(BIN)/python -m pipeline.install_model
	@touch $@

demo: setup ## crawl a local newsroom, read it, search it, export it
	$(BIN)/python -m tests.newsroom.demo

test: setup ## run all tests
	-@$(BIN)/python -m tests.elasticsearch_node install
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder  # the folder with the longest files comes first

lint: $(VENV)/.installed ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed ## let ruff write the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

model: setup ## train the transformer anew (≈ 1 h on two cores, 10 min with a GPU; fetches torch)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[train]'
	$(BIN)/python -m training.transformer

evaluate: setup ## score the reading on annotated articles (SCORER=…, GOLD=…)
	$(BIN)/python -m benchmarks.evaluate --scorer $(SCORER) --gold $(GOLD)

benchmark: setup ## print the tables of benchmarks/
	$(BIN)/python -m benchmarks

elasticsearch: setup ## start a real Elasticsearch on loopback for development
	$(BIN)/python -m tests.elasticsearch_node start

clean: ## remove what the demo and the tools left behind
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
