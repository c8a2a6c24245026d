#!/usr/bin/env bash
# need-go.sh        says in words when Go is missing or too old, and fails
# need-go.sh --dir  prints the folder of a Go that is new enough, or nothing
set -euo pipefail
cd "$(dirname "$0")/.."

needed=$(awk '$1 == "go" { print $2; exit }' go.mod)

# The version of one go command, such as 1.26.8, or nothing. Only what is
# installed counts: a Go that would first have to fetch another Go does not.
version_of() {
	local said
	said=$(cd / && GOTOOLCHAIN=local "$1" version 2>/dev/null) || return 0
	sed -n 's/^go version go\([0-9][0-9.]*\).*/\1/p' <<<"$said"
}

new_enough() {
	[ -n "$1" ] && [ "$(printf '%s\n%s\n' "$needed" "$1" | sort -V | head -n 1)" = "$needed" ]
}

found=""
for candidate in "$(command -v go || true)" /usr/local/go/bin/go "${HOME:-}"/sdk/go*/bin/go /usr/lib/go-*/bin/go; do
	[ -n "$candidate" ] && [ -x "$candidate" ] || continue
	version=$(version_of "$candidate")
	if new_enough "$version"; then
		[ "${1:-}" = --dir ] && dirname "$candidate"
		exit 0
	fi
	[ -n "$found" ] || found="$version ($candidate)"
done

[ "${1:-}" = --dir ] && exit 0
{
	if [ -n "$found" ]; then
		echo "Go is too old: found $found, needed $needed or newer."
	else
		echo "Go is missing: Deskbell is built with Go $needed or newer, and no go command was found."
	fi
	echo
	echo "How to get it: download Go $needed for your machine from https://go.dev/dl/ and unpack it, for example"
	echo "    tar -C /usr/local -xzf go$needed.*.tar.gz      (as root)"
	echo "Deskbell finds it in /usr/local/go by itself. For your own shell:"
	echo "    export PATH=/usr/local/go/bin:\$PATH"
} >&2
exit 1
