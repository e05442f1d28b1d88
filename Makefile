# Targets for people; .ci/run calls test and lint.

STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
IPWSIM      := ./ipwsim$(shell go env GOEXE)

.PHONY: help build dist windows run test test-report race bench lint nightly mutants fuzz
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

build: ## build the command, ./ipwsim
	@go build -o $(IPWSIM) ./scenarios/ipwsim

run: build ## pull the active node's cable on the example cluster and report
	@$(IPWSIM) run cable-pull

# A world gains nothing from a second processor, a short program nothing from a small heap or a debugger's tables; lint vets.
test: ## run all tests
	GOGC=400 go test -vet=off -cpu 1 -ldflags=-w ./...

test-report: build ## run every shipped scenario and write out/test-report/index.html, a page each
	@$(IPWSIM) run --all --pages out/test-report

race: ## run the concurrent parts under the race detector
	go test -race ./netstack/... ./sim/... ./scenarios ./scenarios/loopback ./scenarios/pool
	go test -race ./scenarios/study -run 'Same|Resum|Shard|Interrupt|Worker'
	go test -race ./scenarios/ipwsim/live -run Serve

bench: ## what users wait for, each beside its floor
	GOMAXPROCS=1 go test -run '^$$' -bench . -benchtime 2s ./netstack/... ./core ./scenarios ./scenarios/study

DIST ?= out/dist
dist: ## make archives for Windows, Linux and macOS, with checksums and licences, in DIST (out/dist)
	@.ci/dist $(DIST)

windows: ## run the Windows program under Wine (needs wine and x86_64-w64-mingw32-ld)
	go test ./scenarios/ipwsim -run TestTheWindowsProgram -wine -timeout 1h

lint: ## gofmt, vet and staticcheck
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "gofmt -w the files above"; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...

NIGHT ?= 1h
nightly: build race fuzz ## the long runs: race detector, fuzzing, drawn scenarios and broken inputs by the thousand, an hour of search (NIGHT)
	@.ci/reproducible
	@$(MAKE) dist
	go test ./scenarios -run 'TestP1|TestW14|TestCable|TestShut|TestSplit|TestRelease' -rapid.checks=10000 -timeout 2h
	go test ./scenarios/naive -nightly -timeout 2h
	go test ./scenarios/explore -run Holds -departures 3 -timeout 2h
	go test ./scenarios/bugs -nightly -timeout 2h
	go test ./scenarios/study ./scenarios/saved ./core/disk -run 'EachDamage' -rapid.checks=10000 -timeout 2h
	go test ./scenarios/ipwsim -run 'TestWholeCommands' -mutants 20000 -mutantseed $$(date +%j) -timeout 5h
	go test ./scenarios -run 'TestTenThousand|SameSeedSameBytes|TestDistributions' -nightly -timeout 2h
	$(IPWSIM) nightly --for $(NIGHT) -o out/nightly

MUTANTS ?= 2000
mutants: ## search for each mutant of the watcher in MUTANTS (2000) cases, half an hour and more; tells those that nobody has judged
	go test ./scenarios/bugs -run TestMutantsAreCaught -mutants $(MUTANTS) -v -timeout 12h

FUZZTIME ?= 1m
fuzz: ## fuzz each parser for FUZZTIME (1m)
	@grep -ro '^func Fuzz[A-Za-z0-9]*' --include='*_test.go' . | sed 's|/[^/]*:func | |' | sort | while read -r package target; do \
		echo "$$package $$target"; go test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x || exit 1; done
