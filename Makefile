# make run    a demonstration: no Elasticsearch, no configuration
# make test   the tests
# make follow-soak  rotates a followed log file for five minutes and kills the agent; nothing may be lost or doubled
# make crash  kills the agent again and again under load, and checks that nothing is lost (ROUNDS=200)
# make deb    a Debian package
# All do their set-up first (make deps) and say what they do.

# Where scripts/deps puts Swift when the system has none.
export PATH := $(PATH):$(HOME)/.local/share/swift-6.3.1/usr/bin

# A folder with throughput.py: measures the whole agent between a load generator and a bulk sink.
BENCH_TOOLS ?= ../shared/bench
BENCH_COUNT ?= 300000
# Of make crash; the same SEED (a number) plans the same rounds again.
ROUNDS ?= 200
SEED ?=
PREFIX ?= /usr/local
# Of make simulate: how many histories, more of its arguments (--random 100000 --seconds 60), or one to replay.
SEEDS ?= 100000
SIMULATE ?= --jobs 2
REPLAY ?=
SWIFT_FILES := Sources Tests Package.swift Benchmarks/Sources Benchmarks/Package.swift \
  Simulation/Sources/RingSimulation Simulation/Sources/ring-simulator Simulation/Package.swift \
  Fuzzing/Sources Fuzzing/Package.swift

# `make mutants MUTANTS='--only skips-the-burn'` tries one.
MUTANTS ?=

# Of make fuzz: seconds for each place where strangers' bytes come in, and which of them (all unless named).
FUZZ_SECONDS ?= 60
FUZZ ?=

# Of make soak: seconds of random faults and kills.
SOAK ?= 1800

# Of make follow-soak: seconds, and a number to plan the same run again.
FOLLOW_SECONDS ?= 300
FOLLOW_SEED ?=

.PHONY: run test build deps crash soak follow-soak bench simulate simulate-bits mutants fuzz dashboards lint format man install deb clean

run: build
	@.build/release/sheepshipper demo

test: deps
	@echo "make: building and running the tests (debug)"
	@swift test

build: deps
	@echo "make: building .build/release/sheepshipper (the first time takes some minutes)"
	@swift build -c release --product sheepshipper

deps:
	@scripts/deps

crash: build
	@echo "make: killing and starting the agent $(ROUNDS) times, about a second each"
	@SHEEPSHIPPER_PROGRAM="$(CURDIR)/.build/release/sheepshipper" SHEEPSHIPPER_TEST_CRASH_ROUNDS=$(ROUNDS) \
	  SHEEPSHIPPER_TEST_CRASH_SEED=$(SEED) swift test --filter CrashRoundsEndToEndTests

soak: build
	@command -v python3 >/dev/null || { echo "make: soak needs python3; install it from the distribution" >&2; exit 1; }
	@scripts/soak --tools "$(BENCH_TOOLS)" --seconds $(SOAK)

follow-soak: build
	@echo "make: rotating a followed file by every method and killing the agent for $(FOLLOW_SECONDS) s"
	@SHEEPSHIPPER_PROGRAM="$(CURDIR)/.build/release/sheepshipper" SHEEPSHIPPER_TEST_FOLLOW_SECONDS=$(FOLLOW_SECONDS) \
	  SHEEPSHIPPER_TEST_FOLLOW_SEED=$(FOLLOW_SEED) swift test --filter FollowEndToEndTests

bench: build
	@swift run -c release --package-path Benchmarks stage-benchmarks
	@if [ -f "$(BENCH_TOOLS)/throughput.py" ]; then \
	  echo "make: the whole agent, $(BENCH_COUNT) events over TCP"; \
	  "$(BENCH_TOOLS)/throughput.py" --count $(BENCH_COUNT) -- "$(CURDIR)/.build/release/sheepshipper" run \
	    --set inputs.tcp.listen=127.0.0.1:@IN@ --set inputs.webhook.listen=127.0.0.1:0 \
	    --set admin.listen=127.0.0.1:0 --set agent.state_dir=@WORK@/state --set ring.size=256MiB \
	    --set 'elasticsearch.hosts=["http://127.0.0.1:@OUT@"]'; \
	fi

# Histories of the ring over a disk that fails in every known way, a seed each, judged by a model of its own.
simulate: deps
	@swift run -c release --package-path Simulation ring-simulator \
	  $(if $(REPLAY),$(REPLAY),--seeds $(SEEDS) $(SIMULATE))

# Each bit of a ring of 64 KiB flipped, one at a time: a million openings.
simulate-bits: deps
	@swift run -c release --package-path Simulation ring-simulator --bits $(SIMULATE)

# Breaks the ring on purpose, in a copy, one thing at a time; each must turn a test or the simulator red.
mutants: deps
	@command -v python3 >/dev/null || { echo "make: mutants needs python3; install it from the distribution" >&2; exit 1; }
	@scripts/mutants $(MUTANTS)

# libFuzzer with AddressSanitizer at each place where strangers' bytes come in.
fuzz: deps
	@scripts/fuzz --seconds $(FUZZ_SECONDS) $(FUZZ)

# What is written from other files: Kibana's dashboards from scripts/panels.py and docs/events.md, Logstash's dictionary from the price table.
dashboards:
	@scripts/dashboards
	@scripts/logstash-prices

lint: deps
	@swift format lint --strict -r $(SWIFT_FILES)
	@if command -v python3 >/dev/null; then scripts/dashboards --check && scripts/logstash-prices --check; fi
	@if command -v shellcheck >/dev/null; then shellcheck scripts/deps scripts/fuzz scripts/deb docker/stand-in deploy/debian/p* .ci/run; fi

format: deps
	@swift format -i -r $(SWIFT_FILES)

# The manual page and the completions, made by the program from its own table of commands.
man: build
	@mkdir -p .build/share
	@.build/release/sheepshipper help man > .build/share/sheepshipper.1
	@for shell in bash zsh fish; do .build/release/sheepshipper completion $$shell > .build/share/completion.$$shell; done
	@echo "make: .build/share/sheepshipper.1; man -l shows it"

install: man
	install -D -m 755 .build/release/sheepshipper $(DESTDIR)$(PREFIX)/bin/sheepshipper
	install -D -m 644 .build/share/sheepshipper.1 $(DESTDIR)$(PREFIX)/share/man/man1/sheepshipper.1
	install -D -m 644 .build/share/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sheepshipper
	install -D -m 644 .build/share/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sheepshipper
	install -D -m 644 .build/share/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sheepshipper.fish

# A Debian package in .build, with the Swift runtime inside the program.
deb: deps
	@scripts/deb

clean:
	rm -rf .build Benchmarks/.build Simulation/.build Fuzzing/.build
