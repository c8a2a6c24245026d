#!/usr/bin/env bash
# need-oracle.sh  installs the programs of others that tests ask: an identity
# provider and a parser of mail. They are no part of Deskbell.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=internal/testbed/oracle
stamp=.cache/oracle-installed
want=$(cat $dir/package.json $dir/package-lock.json $dir/.npmrc | sha256sum | cut -d ' ' -f 1)
if [ -d $dir/node_modules ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
	exit 0
fi
mkdir -p .cache
rm -f "$stamp"
echo "Installing what tests ask ($dir, npm ci) ..."
if ! scripts/npm.sh --prefix "$PWD/$dir" ci --no-audit --no-fund --loglevel=error </dev/null >.cache/oracle.log 2>&1; then
	{
		echo "Installing it failed. The last lines of npm:"
		tail -n 20 .cache/oracle.log | sed 's/^/    /'
	} >&2
	exit 1
fi
echo "$want" >"$stamp"
