#!/usr/bin/env bash
# npm.sh ARGUMENT...  npm, in web/, with a Node that is new enough.
#
# Where the system's Node is too old (Debian 12 has 18) its npm is good for one
# thing: it fetches the Node and npm that tools/node pins. It must not install
# the console itself, because it leaves out what says that it needs a newer Node.
set -euo pipefail
cd "$(dirname "$0")/.."

needed=v20.19.0
own=tools/node/node_modules

new_enough() {
	local version
	version=$("$1" --version 2>/dev/null) || return 1
	[ "$(printf '%s\n%s\n' "$needed" "$version" | sort -V | head -n 1)" = "$needed" ]
}

# pinned prints the pinned Node, when it has been fetched.
pinned() {
	compgen -G "$PWD/$own/node-linux-*/bin/node" | head -n 1
}

if command -v npm >/dev/null && new_enough node; then
	cd web
	exec npm "$@"
fi

node=$(pinned || true)
if [ -z "$node" ] || [ tools/node/package-lock.json -nt "$own/.package-lock.json" ]; then
	scripts/need-apt.sh ca-certificates nodejs npm >&2
	echo "Fetching a newer Node for the console ..." >&2
	mkdir -p .cache
	if ! (cd tools/node && npm ci --no-audit --no-fund --loglevel=error </dev/null) >.cache/node.log 2>&1; then
		{
			echo "Fetching it failed. The last lines of npm:"
			tail -n 20 .cache/node.log | sed 's/^/    /'
		} >&2
		exit 1
	fi
	touch "$own/.package-lock.json"
	node=$(pinned || true)
fi
if [ -z "$node" ] || ! new_enough "$node"; then
	{
		echo "Node $needed or newer is needed, and npm has none for this kind of machine ($(uname -sm))."
		echo "Please install it from https://nodejs.org or with your system's packages."
	} >&2
	exit 1
fi
PATH="$(dirname "$node"):$PATH"
export PATH
npm="$PWD/$own/npm/bin/npm-cli.js"
cd web
exec node "$npm" "$@"
