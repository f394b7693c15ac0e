# McDewey's tasks. Each is one line to the real thing; `make help` lists them.
#
# Objects go where cargo puts them: target/, or the folder that CARGO_TARGET_DIR names.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup app build demo test fmt lint rust browser test-mcp test-export agent load relevance bench bench-embed bench-ingest bench-libraries rivals rungs symbols golden clean

# What `demo` indexes, where the site goes, and the port it is served on.
LIBRARY ?= static/library
SITE ?= site
PORT ?= 8080

# The folder of truth sets for `relevance` (../shared/data/README.md says what a set holds).
RELEVANCE ?= ../shared/data/relevance

# What `symbols` asks.
SITES ?= $(SITE)

# The folder of PDFs for `bench-ingest`.
MANUALS ?= ../shared/data/pdf

# The truth set whose passages `bench-embed` embeds, and the folder of the unpacked model for the other side.
PASSAGES ?= etcd-3.7-anchors
MODEL ?= all-MiniLM-L6-v2

TARGET := $(or $(CARGO_TARGET_DIR),target)
MCDEWEY := $(TARGET)/release/mcdewey

# The app is built anew only when something that goes into it is newer. The sample library and the
# native program do not go into it.
APP := www/dist/index.html
APP_SOURCES := Cargo.toml Cargo.lock $(shell find www src static -type f \
	-not -path 'www/dist/*' -not -path 'www/node_modules/*' -not -path 'static/library/*' -not -path 'static/model/*' -not -path 'src/serve/*')

# One profile for all that runs: the tests run the objects that `build` ships, so that the big dependencies are
# compiled once (clippy is a check and makes none; in the same profile it shares the macros and build scripts).
CARGO_TEST := $(if $(shell cargo nextest --version 2>/dev/null),\
	cargo nextest run --release --workspace && cargo test --release --workspace --doc,\
	cargo test --release --workspace)

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

setup: ## Install what building needs, where it is missing
	@.ci/setup

app: $(APP) ## Build the browser side into www/dist

$(APP): $(APP_SOURCES)
	# trunk takes NO_COLOR for its own option and wants another value than the customary 1.
	cd www && env -u NO_COLOR trunk build --release --offline
	@touch $@

# The whole workspace: cargo would compile the dependencies anew for the tests if this built one package.
build: setup app ## Build target/release/mcdewey, with the app and the encoder inside
	cargo build --release --workspace

demo: build ## Index LIBRARY (the sample library) into SITE and serve it on PORT
	"$(MCDEWEY)" build "$(LIBRARY)" --out "$(SITE)"
	"$(MCDEWEY)" serve "$(SITE)" --addr "127.0.0.1:$(PORT)"

test: ## Install what testing needs, where it is missing, and run every test
	@.ci/setup tests
	@$(MAKE) --no-print-directory fmt build lint rust browser

fmt: ## Check the formatting
	cargo fmt --all --check

lint: app ## Check with clippy, warnings being errors
	cargo clippy --release --workspace --all-targets -- --deny warnings

rust: ## Run the Rust tests against what `build` made
	$(CARGO_TEST)

browser: ## Run the browser tests against what `build` made
	cd tests/browser && MCDEWEY="$(abspath $(MCDEWEY))" node --test --test-concurrency=1 --test-reporter=spec

test-mcp: build ## Point other people's MCP clients at the server (installs them, needs the network once)
	cargo build --release --workspace --example mcp-fixtures
	MCDEWEY="$(abspath $(MCDEWEY))" FIXTURES="$(abspath $(TARGET))/release/examples/mcp-fixtures" tests/mcp/clients/run

test-export: build ## Load an export of LIBRARY into DuckDB, LanceDB and Qdrant (installs them, needs the network once)
	MCDEWEY="$(abspath $(MCDEWEY))" tests/export/run "$(abspath $(LIBRARY))"

agent: build ## Let a scripted agent look for evidence in the truth sets, and write tests/mcp/agent.md
	@.ci/setup tests
	MCDEWEY="$(abspath $(MCDEWEY))" node tests/mcp/agent.mjs "$(RELEVANCE)" tests/mcp/agent.md

load: build ## Let 8 and then 64 clients ask the server for a minute each, and write tests/mcp/load.md
	@.ci/setup tests
	MCDEWEY="$(abspath $(MCDEWEY))" node tests/mcp/load.mjs tests/mcp/load.md

relevance: build ## Measure the ranking on every truth set below RELEVANCE
	"$(MCDEWEY)" relevance "$(RELEVANCE)"/* --ranks tests/relevance/ranks.csv

symbols: build ## Ask for every symbol of the headings of SITES (truth sets or built sites)
	"$(MCDEWEY)" relevance $(SITES) --symbols

rungs: build ## Measure what each rung of the query ladder costs in Chromium, on the library beside RELEVANCE
	@.ci/setup tests
	"$(MCDEWEY)" build "$(RELEVANCE)/../library" --out "$(TARGET)/rungs-site"
	MCDEWEY="$(abspath $(MCDEWEY))" node tests/benches/rungs.mjs "$(TARGET)/rungs-site" \
		"$(RELEVANCE)/freeswitch-anchors" "$(RELEVANCE)/etcd-3.7-anchors" > tests/benches/rungs.md

bench: build ## Measure building and searching
	cargo bench --profile release --workspace --bench whole

bench-ingest: build ## Compare how the PDFs below MANUALS and large ones of Debian are read with other readers
	tests/benches/manuals "$(TARGET)/manuals"
	cargo bench --profile release --workspace --bench ingest -- "$(abspath $(MANUALS))" "$(abspath $(TARGET)/manuals)" \
		| tee tests/benches/ingest.md

bench-embed: build ## Compare how fast passages are embedded with onnxruntime on the model in MODEL
	"$(MCDEWEY)" relevance "$(RELEVANCE)/$(PASSAGES)" --mode keyword --export "$(abspath $(TARGET))/passages"
	cargo bench --profile release --workspace --bench embed -- "$(abspath $(TARGET))/passages/$(PASSAGES).jsonl"
	python3 tests/benches/embed.py "$(MODEL)" "$(abspath $(TARGET))/passages/$(PASSAGES).jsonl"

bench-libraries: ## Measure how well the answers of several truth sets, each a library, stand in one list
	cargo bench --profile release --workspace --bench libraries -- "$(abspath $(TARGET))/libraries-cache" \
		$(foreach set,keda-2.21-anchors etcd-3.7-anchors freeswitch-anchors vitess-22-anchors postgresql15-index \
		django32-index,"$(abspath $(RELEVANCE))/$(set)")

rivals: build ## Compare what a search costs and how it ranks with Pagefind, on the manual of PostgreSQL
	cd tests/benches/rivals && npm ci --silent --ignore-scripts
	tests/benches/rivals/stage postgresql-doc-15 "$(RELEVANCE)/postgresql15-index" "$(TARGET)/rivals/postgresql"
	@.ci/setup tests
	MCDEWEY="$(abspath $(MCDEWEY))" node tests/benches/rivals/rivals.mjs "$(TARGET)/rivals/postgresql" \
		"$(RELEVANCE)/postgresql15-index" > tests/benches/rivals.md

golden: build ## Rewrite what tests compare with; read the diff before committing it
	cd tests/browser && UPDATE_LEDGER=1 MCDEWEY="$(abspath $(MCDEWEY))" node --test --test-reporter=spec ledger.test.mjs

clean: ## Remove what was built, not what was installed
	cargo clean
	rm -rf www/dist site
