#!/usr/bin/env bash
# test.sh [go|web|e2e]...  runs these tests, all three when none is named.
#
# The Go tests run on the embedded database and on a PostgreSQL that lives as
# long as this script (or on the one that DESKBELL_TEST_POSTGRES names).
# What little fails is run once more, alone; it is named, and told at the end.
# Closes with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- go web e2e
counts=.cache/test
rm -rf "$counts"
mkdir -p "$counts"
export GOFLAGS="${GOFLAGS:-} -buildvcs=false"

# Built once: the runners below must not wait for a compiler.
go build -o .cache/bin/ ./scripts/tally ./internal/testbed/cmd/with-postgres || exit 1
tally=$PWD/.cache/bin/tally
with_postgres=$PWD/.cache/bin/with-postgres

say() { printf '\n== %s\n' "$1"; }

has_script() { grep -q "^ *\"$1\":" web/package.json 2>/dev/null; }

# vitest NAME SCRIPT: an npm script that runs vitest
vitest() {
	local report=$PWD/$counts/$1.json
	has_script "$2" || {
		echo "web/package.json has no script \"$2\": nothing to run."
		echo "0 0 0" >"$counts/$1.count"
		return
	}
	scripts/npm.sh run --silent "$2" -- --reporter=default --reporter=json --outputFile.json="$report" </dev/null
	"$tally" vitest "$report" "$counts/$1.count"
}

# once_more KIND COMMAND...: runs COMMAND with the names of what failed, if that is
# little enough for bad luck, and counts it as passed when COMMAND says so.
once_more() {
	local kind=$1 names
	shift
	names=$("$tally" failed "$counts/$kind.count") || return
	say "once more, without the others: $(paste -sd, <<<"$names")"
	"$@" "$names" && "$tally" unsteady "$counts/$kind.count"
}

go_alone() {
	local tests packages
	tests=$(cut -d' ' -f2 <<<"$1" | sort -u | paste -sd'|')
	mapfile -t packages < <(cut -d' ' -f1 <<<"$1" | sort -u)
	"$with_postgres" go test -json -count 1 -timeout 10m -run "^($tests)\$" "${packages[@]}" | "$tally" go "$counts/alone.count"
}

e2e_alone() {
	local journeys
	mapfile -t journeys <<<"$1"
	scripts/npm.sh run --silent e2e -- "${journeys[@]}" </dev/null
}

files=()
for kind in "$@"; do
	files+=("$counts/$kind.count")
	case $kind in
	go)
		say "Go, on SQLite and PostgreSQL"
		"$with_postgres" go test -json -timeout 20m ${GOTEST_ARGS:-} ./... | "$tally" go "$counts/go.count"
		once_more go go_alone
		;;
	web)
		say "console"
		vitest web test
		;;
	e2e)
		say "the real program in a real browser"
		vitest e2e e2e
		once_more e2e e2e_alone
		;;
	*)
		echo "test.sh knows go, web and e2e, not \"$kind\"." >&2
		exit 2
		;;
	esac
done

echo
exec "$tally" sum "${files[@]}"
