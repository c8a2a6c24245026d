#!/usr/bin/env bash
# check-web.sh SCRIPT...  runs the console's own checks, those that exist.
set -euo pipefail
cd "$(dirname "$0")/../web"

for script in "$@"; do
	if grep -q "^ *\"$script\":" package.json; then
		echo "== console: $script"
		npm run --silent "$script" </dev/null
	fi
done
