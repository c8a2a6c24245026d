#!/usr/bin/env bash
# fuzz.sh [SECONDS]  runs every fuzz test for this long, 10 seconds unless told.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
count=0
while IFS=: read -r file name; do
	count=$((count + 1))
	echo "== $name in ${file%/*}, $seconds s"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "${seconds}s" "./${file%/*}"
done < <(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd internal | sed 's/:func /:/' | sort)
[ "$count" -gt 0 ] || echo "There is no fuzz test yet."
