#!/usr/bin/env bash
# need-web.sh  makes web/node_modules fit web/package-lock.json.
#
# Debian's Node is too old for the build, but good enough to fetch the pinned
# one: web/package.json asks for "node" itself, and npm puts
# node_modules/.bin first, so every script under web/ runs with that.
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

scripts/need-apt.sh ca-certificates nodejs npm
mkdir -p .cache
rm -f "$stamp"
echo "Installing the console's packages (npm ci) ..."
if ! (cd web && npm ci --no-audit --no-fund --loglevel=error </dev/null) >.cache/npm.log 2>&1; then
	{
		echo "Installing the console's packages failed. The last lines of npm:"
		tail -n 20 .cache/npm.log | sed 's/^/    /'
		echo "npm needs the network here; the whole log is in .cache/npm.log."
	} >&2
	exit 1
fi
version=$(cd web && PATH="$PWD/node_modules/.bin:$PATH" node --version)
echo "The console is built with Node $version."
echo "$want" >"$stamp"
