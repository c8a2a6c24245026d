#!/usr/bin/env bash
# need-web.sh  makes web/node_modules fit web/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.cache/web-installed
if [ ! -f web/package.json ]; then
	echo "web/package.json is missing: there is no console to build." >&2
	exit 1
fi
want=$(cat web/package.json web/package-lock.json web/.npmrc 2>/dev/null | sha256sum | cut -d ' ' -f 1)
if [ -d web/node_modules ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
	exit 0
fi

mkdir -p .cache
rm -f "$stamp"
scripts/npm.sh --version >/dev/null
echo "Installing the console's packages (npm ci) ..."
if ! scripts/npm.sh ci --no-audit --no-fund --loglevel=error </dev/null >.cache/npm.log 2>&1; then
	{
		echo "Installing the console's packages failed. The last lines of npm:"
		tail -n 20 .cache/npm.log | sed 's/^/    /'
		echo "npm needs the network here; the whole log is in .cache/npm.log."
	} >&2
	exit 1
fi
echo "$want" >"$stamp"
