# make help explains the targets. Recipes are short on purpose: what needs more
# than a few lines is a script in scripts/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

GO_DIR := $(shell scripts/need-go.sh --dir)
ifneq ($(GO_DIR),)
export PATH := $(GO_DIR):$(PATH)
endif
# No C compiler is needed, and tests and program share one build cache.
export CGO_ENABLED ?= 0

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_FILES := $(shell find cmd internal migrations locales scripts -type f -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null) $(wildcard web/*.go go.*)
WEB_FILES := $(shell find web locales \( -name node_modules -o -path web/dist -o -path web/coverage -o -path web/e2e \) -prune -o -type f -not -name '*.go' -print 2>/dev/null)
# What the tests start: databases, mail servers, a browser, Japanese letters.
TEST_PACKAGES := postgresql dovecot-imapd dovecot-lmtpd postfix nats-server nginx-light caddy chromium fonts-noto-cjk

##@ Try it
run: build ## build everything and start the demo shop: prints an address and a sign-in
	@exec bin/deskbell demo $(ARGS)

demo: ## start the demo shop as it was last built (ARGS="--addr 127.0.0.1:9000")
	@test -x bin/deskbell || $(MAKE) build
	@exec bin/deskbell demo $(ARGS)

##@ Build
build: go bin/deskbell ## console and program, leaves bin/deskbell; a second time does nothing

bin/deskbell: $(GO_FILES) .cache/console
	@scripts/need-go.sh
	@echo "Building bin/deskbell ..."
	@mkdir -p bin
	@go build -buildvcs=false -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/deskbell ./cmd/deskbell
	@touch bin/deskbell

# The console in web/dist, which the program embeds.
.cache/console: $(WEB_FILES)
	@scripts/need-web.sh
	@echo "Building the console ..."
	@scripts/npm.sh run --silent build -- --logLevel warn
	@mkdir -p .cache && touch .cache/console

dev: build ## the demo shop with a console that follows your changes
	@scripts/dev.sh $(ARGS)

gen: go web ## write the generated files anew: openapi.json and its TypeScript types
	@scripts/golden.sh
	@scripts/check-web.sh gen

deb: build ## a package for Debian 12: program, systemd service, settings (bin/deskbell_*.deb)
	@scripts/make-deb.sh $(VERSION)

container: build ## an image of the program alone, with docker or podman
	@scripts/make-container.sh $(VERSION)

##@ Prove it
test: build tools oracle ## every test: Go on both databases, console, real mail servers and browser
	@scripts/test.sh

test-go: go oracle ## only the Go tests (GOTEST_ARGS="-run Name" for fewer)
	@scripts/test.sh go

test-web: web ## only the console's own tests
	@scripts/test.sh web

test-e2e: build tools ## only the tests that drive the real program in a browser
	@scripts/test.sh e2e

check: lint build tools oracle ## exactly what the build server runs: lint, build, size of the console, the program before on the new schema, every test
	@scripts/check-web.sh budget
	@scripts/check-previous.sh
	@scripts/test.sh

check-previous: go ## the tests of the program before the newest migration, on the schema after it (a minute)
	@scripts/check-previous.sh

lint: go web ## what a machine can judge: format, vet, golangci-lint, house rules, the console's own checks
	@scripts/lint.sh

golden: go ## write the golden files anew; look at the difference before you commit
	@scripts/golden.sh

bench: build ## measure the program (ARGS="--json ingest")
	@exec bin/deskbell bench run $(ARGS)

speed: build ## measure the console in Chromium: keys, opening, typing (ARGS="--json held")
	@scripts/need-apt.sh chromium
	@scripts/npm.sh run --silent speed -- $(ARGS)

fuzz: go ## run every fuzz test for 10 seconds (SECS=60 for longer)
	@scripts/fuzz.sh $(SECS)

##@ Look after it
fmt: go ## format the Go code
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')

setup: go web tools oracle ## install all that the other targets need, and nothing else

clean: ## remove what was built; installed packages stay
	@rm -rf bin .cache web/coverage
	@find web/dist -mindepth 1 -not -name index.html -delete 2>/dev/null || true

help: ## this text
	@echo "Deskbell. Targets of make:"
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z][a-z0-9-]*:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "As root on Debian each target installs what it lacks; otherwise it says what is missing."

go:
	@scripts/need-go.sh

web:
	@scripts/need-web.sh

tools:
	@scripts/need-apt.sh $(TEST_PACKAGES)

# Programs of others against which tests hold ours.
oracle:
	@scripts/need-oracle.sh

.NOTPARALLEL:
.PHONY: run demo build deb container dev gen test test-go test-web test-e2e check check-previous lint golden bench speed fuzz fmt setup clean help go web tools oracle
