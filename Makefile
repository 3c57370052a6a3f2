# One task list, the same here and in CI. `make serve` and `make test` set everything up by themselves on a machine
# that has Python 3.11 or newer and nothing else.

PYTHON ?= python3
PORT ?= 8000
SERVER_ENV := .venv/server
DEV_ENV := .venv/dev
# Flower holds back packages that the server wants new.
FEDERATED_ENV := .venv/federated
STATIC := src/lentigo/service/static/index.html
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/.*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help serve test check format bench studies docs screenshots web api requirements clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

serve: $(SERVER_ENV)/ready $(STATIC) ## Serve the page and the API on http://127.0.0.1:$PORT
	PORT=$(PORT) $(SERVER_ENV)/bin/lentigo serve

test: $(DEV_ENV)/ready $(FEDERATED_ENV)/ready $(STATIC) ## Run every test
	cd web && ../$(DEV_ENV)/bin/python ../scripts/node.py npm test
	$(DEV_ENV)/bin/python -m pytest
	$(FEDERATED_ENV)/bin/python -m pytest tests/federated

check: $(DEV_ENV)/ready $(FEDERATED_ENV)/ready web/node_modules/.ready ## Lint, types and import contracts
	$(DEV_ENV)/bin/ruff format --check .
	$(DEV_ENV)/bin/ruff check .
	$(FEDERATED_ENV)/bin/mypy
	$(DEV_ENV)/bin/lint-imports
	cd web && ../$(DEV_ENV)/bin/python ../scripts/node.py npm run check

format: $(DEV_ENV)/ready ## Format the code
	$(DEV_ENV)/bin/ruff format .
	$(DEV_ENV)/bin/ruff check --fix .

bench: $(DEV_ENV)/ready $(STATIC) ## Measure what the README states; writes benchmarks/results.md
	$(DEV_ENV)/bin/python -m benchmarks

studies: $(DEV_ENV)/ready ## Train what docs/explanation tells of, on real photos; takes hours
	$(DEV_ENV)/bin/python -m benchmarks.write_studies

docs: $(DEV_ENV)/ready ## Write the generated pages and check every link and example in docs/
	$(DEV_ENV)/bin/python scripts/command_reference.py
	$(DEV_ENV)/bin/python scripts/next_step_page.py
	$(DEV_ENV)/bin/python -m pytest tests/test_docs.py

screenshots: $(DEV_ENV)/ready $(STATIC) ## Write a picture of every screen into screenshots/
	$(DEV_ENV)/bin/python -m tests.browser.screenshots

web: $(STATIC) ## Build the page

api: $(DEV_ENV)/ready web/node_modules/.ready ## Write the page's types from the server's OpenAPI document
	$(DEV_ENV)/bin/python scripts/openapi.py
	cd web && ../$(DEV_ENV)/bin/python ../scripts/node.py npm run api

requirements: $(DEV_ENV)/ready ## Pin every dependency again, with hashes
	$(DEV_ENV)/bin/python scripts/pin.py

clean: ## Remove what the other targets made
	rm -rf .venv build dist web/node_modules src/lentigo/service/static

$(SERVER_ENV)/ready: requirements/server.txt requirements/tools.txt pyproject.toml
	$(PYTHON) scripts/environment.py $(SERVER_ENV) requirements/server.txt
	touch $@

$(DEV_ENV)/ready: requirements/dev.txt requirements/tools.txt pyproject.toml
	$(PYTHON) scripts/environment.py $(DEV_ENV) requirements/dev.txt
	touch $@

$(FEDERATED_ENV)/ready: requirements/federated.txt requirements/tools.txt pyproject.toml
	$(PYTHON) scripts/environment.py $(FEDERATED_ENV) requirements/federated.txt
	touch $@

# Not `npm ci`: it refuses a lock file that lacks other platforms' optional packages, which not every registry carries.
# What is installed is checked against the lock file's hashes all the same.
web/node_modules/.ready: web/package-lock.json
	cd web && $(PYTHON) ../scripts/node.py npm install --no-audit --no-fund --no-save --loglevel=error
	touch $@

$(STATIC): web/node_modules/.ready $(WEB_SOURCES)
	cd web && $(PYTHON) ../scripts/node.py npm run build
	touch $@
