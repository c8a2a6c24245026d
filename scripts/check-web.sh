#!/usr/bin/env bash
# check-web.sh SCRIPT...  runs the console's own checks, those that exist.
set -euo pipefail
cd "$(dirname "$0")/.."

for script in "$@"; do
	if grep -q "^ *\"$script\":" web/package.json; then
		echo "== console: $script"
		scripts/npm.sh run --silent "$script" </dev/null
	fi
done
