#!/usr/bin/env bash
# golden.sh  writes the golden files anew, in every package that has some.
# Look at the difference before you commit it: it is what you have changed.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t packages < <(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' cmd internal migrations 2>/dev/null |
	xargs -r dirname | sort -u | sed 's|^|./|')
if [ ${#packages[@]} -eq 0 ]; then
	echo "No package has golden files yet."
	exit 0
fi
go build -o .cache/bin/ ./internal/testbed/cmd/with-postgres
.cache/bin/with-postgres go test "${packages[@]}" -update
git --no-pager diff --stat
