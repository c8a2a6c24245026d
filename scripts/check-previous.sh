#!/usr/bin/env bash
# check-previous.sh [COMMIT]  proves that the program before the newest migration
# (or of the commit) works on the schema after it, so that nodes can be replaced
# one by one: the tests of its stores and services, as they were then, run on
# the schema of today.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
	echo "The previous program was not tried: $1"
	exit 0
}

git rev-parse --git-dir >/dev/null 2>&1 || skip "there is no git history here."
[ "$(git rev-parse --is-shallow-repository)" = false ] || skip "the git history is cut off (git fetch --unshallow)."

newest=$(find migrations -maxdepth 1 -name '[0-9]*.sql' | sort | tail -n 1)
number=$(basename "$newest" | cut -d_ -f1)
added=$(git log --diff-filter=A --format=%H -1 -- "migrations/${number}_*.sql")
before=HEAD # the newest migration is not committed yet
[ -z "$added" ] || before=$added^
before=${1:-$before}
git cat-file -e "$before:internal/platform/db/dbtest" 2>/dev/null ||
	skip "before migration $number there was no program yet."

old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
git archive "$before" | tar -x -C "$old"
rm -f "$old"/migrations/*.sql
cp migrations/*.sql "$old/migrations/"
echo "The program of $(git log -1 --format='%h (%s)' "$before") on the schema of migration $number"

if [ -d "$old/internal/testbed/oracle" ]; then
	scripts/need-oracle.sh
	ln -s "$PWD/internal/testbed/oracle/node_modules" "$old/internal/testbed/oracle/node_modules"
fi
if [ -d tools/node/node_modules ]; then # where the system's Node is too old
	mkdir -p "$old/tools/node"
	ln -s "$PWD/tools/node/node_modules" "$old/tools/node/node_modules"
fi
go build -o .cache/bin/ ./internal/testbed/cmd/with-postgres
with_postgres=$PWD/.cache/bin/with-postgres
cd "$old"
# Whole programs and golden files have tests of their own.
mapfile -t packages < <(grep -rl --include='*_test.go' '/internal/platform/db/dbtest"' internal |
	xargs -r dirname | sort -u | grep -vE '^internal/(app|arch|bench|demo|fault|upgrade)(/|$)' | sed 's|^|./|')
said=$old/said
tests_of() { "$with_postgres" go test -buildvcs=false -vet=off -timeout 10m "$@" 2>&1 | tee "$said"; }
tests_of "${packages[@]}" && exit
# That program cannot be mended any more: a test of it that was only unlucky
# passes the second time, what the schema took away fails every time.
mapfile -t failed < <(awk '$1 == "FAIL" && NF > 1 { print $2 }' "$said")
[ ${#failed[@]} -gt 0 ] || exit 1
echo "Once more: ${failed[*]}"
tests_of "${failed[@]}" || {
	echo "Migration $number takes something from the program before it, which still runs while nodes are replaced."
	echo "Expand first: take away only what the release before this one has stopped using."
	exit 1
}
