# 强链: every task of the project. `make help` lists them.
PYTHON ?= python3
TORCH_BACKEND ?=
HOST_PORT ?= 8000

VENV := .venv
BIN  := $(VENV)/bin
UV   := $(BIN)/uv
RUN  := $(BIN)/python -m

.DEFAULT_GOAL := help
.PHONY: help demo test lint format lock clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## engines, example data, matching, pages on http://127.0.0.1:$(HOST_PORT); Ctrl-C stops everything
	@QL_HOME="$${QL_HOME:-.qianglian}" exec $(BIN)/qianglian demo --port $(HOST_PORT)

test: $(VENV)/.installed ## all tests, on the embedded engine and (where it can be had) on Neo4j
	$(RUN) pytest -n 2 --dist worksteal

lint: $(VENV)/.installed ## style, types, architecture, dependencies, dead code, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/typos

format: $(VENV)/.installed ## rewrite the sources in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.uv ## renew requirements.txt from pyproject.toml
	$(UV) pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --upgrade --quiet --output-file requirements.txt

clean: ## remove the environment, the example data and every cache of this folder
	rm -rf $(VENV) .qianglian .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name one with PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/.installed: $(VENV)/.uv requirements.txt pyproject.toml
ifeq ($(TORCH_BACKEND),)
	$(UV) pip install --python $(BIN)/python --require-hashes -r requirements.txt
else
	# Another build of torch has other hashes than the lock, so it comes first and the locked torch is left out.
	$(UV) pip install --python $(BIN)/python --torch-backend=$(TORCH_BACKEND) $$(grep -oE '^torch==[0-9.]+' requirements.txt)
	grep -oE '^(torch|triton|cuda-[a-z-]+|nvidia-[a-z0-9-]+)' requirements.txt > $(VENV)/excludes.txt
	$(UV) pip install --python $(BIN)/python --require-hashes --excludes $(VENV)/excludes.txt -r requirements.txt
endif
	$(UV) pip install --python $(BIN)/python --no-deps --editable .
	@touch $@
