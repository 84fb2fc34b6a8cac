# Shortcuts for people; everything they call can be called by itself.
STACK ?= local
NODE_BIN := $(shell sandbox/tools/node/bin)
export PATH := $(NODE_BIN):$(CURDIR)/node_modules/.bin:$(PATH)
SANDBOX := node sandbox/bin.mjs
# All Python, by one configuration.
RUFF := --config pyproject.toml . ../sandbox ../test
# Lays the boxes out close together, so that the text can be read at the width of a page.
D2 := go run oss.terrastruct.com/d2@v0.7.2 --layout elk --pad 8 \
	--elk-nodeNodeBetweenLayers 45 --elk-padding '[top=45,left=25,bottom=25,right=25]'

.PHONY: help sandbox sandbox-down up preview flip destroy test bench diagrams pictures format
.PHONY: check check-types check-lint check-format check-python check-pipelines
.PHONY: image-push record tell-failure

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sandbox: node_modules ## Bring up a real cluster on this machine, deploy the program, send a request
	$(SANDBOX) up

sandbox-down: node_modules ## End and remove the sandbox
	$(SANDBOX) down

up: node_modules ## Deploy the program as it is now (STACK=local)
	$(SANDBOX) update --stack $(STACK)

preview: node_modules ## Show what an update would change, by the policies too (STACK=local, dev or prod; no credentials needed)
	$(SANDBOX) preview --stack $(STACK)

flip: node_modules ## Move all requests to a colour: make flip COLOR=green
	$(SANDBOX) flip $(COLOR) --stack $(STACK)

destroy: node_modules ## Remove the program from the cluster
	$(SANDBOX) destroy --stack $(STACK)

check: check-types check-lint check-format check-python check-pipelines ## Types, lint and format

check-types: node_modules
	tsc

check-lint: node_modules
	eslint .

check-format: node_modules
	prettier --check .

check-python: image/.venv
	cd image && .venv/bin/ruff check $(RUFF) && .venv/bin/ruff format --check $(RUFF) && .venv/bin/mypy

check-pipelines: ci/.venv # The pipelines' files, against the forges' own rules
	go tool -C ci/actionlint actionlint $(CURDIR)/.github/workflows/*.yml
	ci/.venv/bin/zizmor --offline --no-progress --quiet .github
	ci/.venv/bin/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	ci/.venv/bin/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml

test: node_modules image/.venv ## All tests: units, the program on the engine, a real cluster with real traffic
	vitest run
	cd image && .venv/bin/pytest --numprocesses=auto

bench: node_modules ## Measure flips on the running sandbox; the numbers go to bench/
	tsx bench/flip.ts

diagrams: $(patsubst %.d2,%.svg,$(wildcard docs/diagrams/*.d2)) ## Render the diagrams of the docs from their sources

pictures: node_modules ## Draw the pictures of the comment and the Slack message anew (takes Chromium)
	tsx docs/pictures/draw.mts

%.svg: %.d2
	$(D2) $< $@

format: node_modules image/.venv ## Format everything
	prettier --write .
	cd image && .venv/bin/ruff format $(RUFF)

# What the pipelines call, besides npx release.

image-push: node_modules ## Build the service's image and push it: make image-push IMAGE_REPOSITORY=registry.example.com/facefusion
	@IMAGE_REPOSITORY=$(IMAGE_REPOSITORY) OUTPUT=$(OUTPUT) tsx ci/pushImage.ts

record: node_modules ## Commit and push the stack file that a command has changed: make record STACK=prod
	@STACK=$(STACK) tsx ci/record.ts

tell-failure: node_modules ## Say in the channel of NOTIFY_WEBHOOK that this job has failed
	@tsx ci/tellFailure.ts

node_modules: package.json package-lock.json
	npm ci
	@touch $@

ci/.venv: ci/requirements.txt
	python3 -m venv --clear $@ || { apt-get install --yes --quiet python3-venv && python3 -m venv --clear $@; }
	$@/bin/pip install --quiet --require-hashes -r ci/requirements.txt
	@touch $@

image/.venv: image/requirements.txt image/requirements-dev.txt
	python3 -m venv --clear $@ || { apt-get install --yes --quiet python3-venv && python3 -m venv --clear $@; }
	$@/bin/pip install --quiet -r image/requirements.txt -r image/requirements-dev.txt
	@touch $@
