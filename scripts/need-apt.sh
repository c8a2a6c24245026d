#!/usr/bin/env bash
# need-apt.sh PACKAGE...  installs the Debian packages that are not there yet.
#
# Does nothing when all are there. As root it installs the rest and keeps their
# servers from starting, now and at the next boot; as another user it prints
# the exact command. A program that came from elsewhere counts as well.
set -euo pipefail

first_of() { compgen -G "$1" >/dev/null; }

# present PACKAGE: is what Deskbell wants from the package on this machine?
present() {
	case $1 in
	nodejs) command -v node >/dev/null ;;
	npm | make | chromium | caddy | swaks) command -v "$1" >/dev/null ;;
	nginx-light) command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] ;;
	nats-server) command -v nats-server >/dev/null || [ -x /usr/sbin/nats-server ] ;;
	postgresql) first_of '/usr/lib/postgresql/*/bin/initdb' || command -v initdb >/dev/null ;;
	postfix) [ -x /usr/sbin/postfix ] ;;
	dovecot-imapd) [ -x /usr/lib/dovecot/imap ] ;;
	dovecot-lmtpd) [ -x /usr/lib/dovecot/lmtp ] ;;
	ca-certificates) [ -s /etc/ssl/certs/ca-certificates.crt ] ;;
	*) command -v dpkg-query >/dev/null &&
		dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$' ;;
	esac
}

missing=()
for package in "$@"; do
	present "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
	{
		echo "Missing on this machine: ${missing[*]} (the names are Debian's)."
		echo "There is no apt-get here, so please install them with your system's own packages and try again."
	} >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	{
		echo "Missing on this machine: ${missing[*]}. Only root may install them:"
		echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
	} >&2
	exit 1
fi

echo "Installing from Debian: ${missing[*]}"
log=$(mktemp)
guard=/usr/sbin/policy-rc.d
made_guard=""
cleanup() {
	[ -z "$made_guard" ] || rm -f "$guard"
	rm -f "$log"
}
trap cleanup EXIT
# Debian starts a server as soon as its package is installed, unless this file
# says no (101). Tests start their own, on ports of their own.
if [ ! -e "$guard" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$guard"
	chmod 755 "$guard"
	made_guard=yes
fi

export DEBIAN_FRONTEND=noninteractive
apt() {
	# Somebody else may be installing at this moment: wait, do not fail.
	apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -q "$@" </dev/null >>"$log" 2>&1
}
if ! apt update || ! apt install -y --no-install-recommends "${missing[@]}"; then
	{
		echo "Installing ${missing[*]} failed. The last lines of apt-get:"
		tail -n 20 "$log" | sed 's/^/    /'
	} >&2
	exit 1
fi

# With systemd the new servers would start at the next boot.
if [ -d /run/systemd/system ]; then
	for package in "${missing[@]}"; do
		case $package in
		postgresql) unit=postgresql ;;
		postfix) unit=postfix ;;
		dovecot-imapd | dovecot-lmtpd) unit=dovecot ;;
		nats-server) unit=nats-server ;;
		nginx-light) unit=nginx ;;
		caddy) unit=caddy ;;
		*) continue ;;
		esac
		systemctl disable --quiet "$unit" 2>/dev/null || true
	done
fi

for package in "${missing[@]}"; do
	if ! present "$package"; then
		echo "$package was installed, but what Deskbell needs from it is still not there." >&2
		exit 1
	fi
done
