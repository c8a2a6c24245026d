#!/usr/bin/env bash
# lint.sh  everything about the text of the code that a machine can judge.
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
step() {
	echo "== $1"
	shift
	"$@" || failed=1
}

formatted() {
	local files
	files=$(git ls-files -co --exclude-standard '*.go' | xargs -r gofmt -l)
	[ -z "$files" ] && return
	printf 'Not formatted (make fmt does it):\n%s\n' "$files"
	return 1
}

step "gofmt" formatted
step "go vet" go vet ./...
step "house rules" go test ./internal/arch
step "golangci-lint (the first time it is compiled, which takes minutes)" \
	go tool -modfile=tools/go.mod golangci-lint run
step "console" scripts/check-web.sh lint types i18n contrast
[ "$failed" = 0 ] || echo "Something above is not as it should be."
exit "$failed"
