# What people type. `make` alone lists it. Everything a target needs it installs first, into this folder only.
.DEFAULT_GOAL := help
.PHONY: help run test screenshots review format build publish ledger-verify credit webhooks spells conformance fuzz simulate simulate-bugs soak bench bench-sandbox bench-hostile bench-portal bench-webhooks bench-invoices clean
MAKEFLAGS += --no-print-directory

# Every recipe line below runs with a Node.js that is new enough, first on PATH.
WITH_NODE = node_bin=$$(dev/toolchain.sh) && export PATH="$$node_bin:$(CURDIR)/node_modules/.bin:$$PATH" &&

INSTALLED = node_modules/.installed
PORTAL = build/server/index.js

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

run: $(INSTALLED) $(PORTAL) ## the whole product on this machine: PORT=3000, data in DEV_DIR=.dev
	@$(WITH_NODE) exec node dev/run.ts

test: $(INSTALLED) $(PORTAL) ## unit, integration and system tests, and the stories in a browser
	@$(WITH_NODE) exec node tests/run.ts

screenshots: $(INSTALLED) $(PORTAL) ## every page, in each size, theme and language, into screenshots/
	@$(WITH_NODE) exec playwright test --project=screenshots

review: $(INSTALLED) ## formatter, linter, types and import arrows; fails on any finding
	@$(WITH_NODE) prettier --check --log-level warn . && tsc && eslint . && depcruise --output-type err-long app bench cli server jobs drizzle dev tests spells

format: $(INSTALLED) ## puts everything into the house's format
	@$(WITH_NODE) prettier --write --log-level warn .

build: $(INSTALLED) $(PORTAL) ## the portal's pages and files, and the script of the threads
	@$(WITH_NODE) node dev/build-thread.ts

publish: $(INSTALLED) ## publishes the spell in DIR=folder to the running stack
	@$(WITH_NODE) exec node dev/publish.ts "$$DIR"

ledger-verify: $(INSTALLED) ## recomputes the running stack's ledger and compares the books
	@$(WITH_NODE) exec node dev/ledger-verify.ts

credit: $(INSTALLED) ## a credit or refund: ACCOUNT=id MICROS= REASON=refund REFERENCE= and CAST=id to refund one
	@$(WITH_NODE) exec node dev/credit.ts --account "$$ACCOUNT" --micros "$$MICROS" --reason "$$REASON" --reference "$$REFERENCE" --cast "$$CAST"

webhooks: $(INSTALLED) ## events of Stripe's that were given up; REPLAY=evt_... or all has them handled again
	@$(WITH_NODE) exec node dev/webhooks.ts $$REPLAY

spells: $(INSTALLED) ## builds the sample spells from their source
	@$(WITH_NODE) exec node spells/build.ts

conformance: $(INSTALLED) ## official suites: WASM_TESTSUITE=folder of .wast, WASI_TESTSUITE=folder of .wasm and .json
	@$(WITH_NODE) exec node tests/conformance/run.ts

fuzz: $(INSTALLED) ## random modules, prepared and unprepared: COUNT=5000, SEED=number
	@$(WITH_NODE) exec node tests/fuzz/run.ts

bench: $(INSTALLED) $(PORTAL) ## paid casts over HTTP, beside workerd without billing
	@$(WITH_NODE) (cd bench/casts && npm ci --loglevel error) && exec node bench/casts.ts

simulate: $(INSTALLED) ## the simulator of money: SEEDS=1, SEED=first, STEPS=100; each serially and concurrently
	@$(WITH_NODE) exec node tests/simulator/run.ts

simulate-bugs: $(INSTALLED) ## plants bugs in the SQL of throw-away databases: which does the simulator find, and when
	@$(WITH_NODE) exec node tests/simulator/run-bugs.ts

soak: $(INSTALLED) $(PORTAL) ## servers, workers and Postgres die under load: FAULT_ROUNDS=20, SEED=number
	@$(WITH_NODE) export FAULT_ROUNDS=$${FAULT_ROUNDS:-20} && exec vitest run --project system tests/system/fault-runs.test.ts

bench-sandbox: $(INSTALLED) ## what metering costs, and how fast casts are made fresh
	@$(WITH_NODE) exec node bench/sandbox.ts

bench-hostile: $(INSTALLED) ## good casts beside hostile ones
	@$(WITH_NODE) exec node bench/hostile.ts

bench-portal: $(INSTALLED) $(PORTAL) ## pages for people with 10^5 casts behind them, their JavaScript, Lighthouse's scores
	@$(WITH_NODE) exec node bench/portal.ts

bench-webhooks: $(INSTALLED) $(PORTAL) ## Stripe's events at RATE=100 a second for SECONDS=10: how fast they are answered
	@$(WITH_NODE) exec node bench/webhooks.ts

bench-invoices: $(INSTALLED) $(PORTAL) ## the monthly run of ACCOUNTS=10000, with casts beside it
	@$(WITH_NODE) (cd bench/casts && npm ci --loglevel error) && exec node bench/invoices.ts

clean: ## removes what was built and installed, but no data
	rm -rf build node_modules .toolchain

$(INSTALLED): package.json package-lock.json
	@$(WITH_NODE) npm ci --loglevel error
	@touch $@

$(PORTAL): $(INSTALLED) $(shell find app public -type f 2>/dev/null) remix.config.js vite.config.ts
	@$(WITH_NODE) remix vite:build --logLevel warn
	@touch $@
