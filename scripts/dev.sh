#!/usr/bin/env bash
# dev.sh  the demo shop behind Vite's development server, which shows a change
# of the console at once. A change of the Go code needs `make dev` again.
set -euo pipefail
cd "$(dirname "$0")/.."

bin/deskbell demo "$@" &
deskbell=$!
trap 'kill "$deskbell" 2>/dev/null || true; wait "$deskbell" 2>/dev/null || true' EXIT
scripts/npm.sh run dev
