#!/usr/bin/env bash
# make-deb.sh VERSION  packs bin/deskbell into bin/deskbell_VERSION_ARCH.deb, for
# Debian 12 and newer.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v dpkg-deb >/dev/null || {
	echo "dpkg-deb is missing: a package can be made on Debian or Ubuntu." >&2
	exit 1
}
given=${1:-dev}
# Debian's versions begin with a digit; what is not released sorts before everything.
version=$(sed 's/^v//; s/-/+/g; s/[^0-9A-Za-z.+~]/./g' <<<"$given")
[[ $version =~ ^[0-9]+\.[0-9] ]] || version="0~$version"
arch=$(dpkg --print-architecture)
goarch=$(go env GOARCH)
[ "$arch" = "$goarch" ] || { [ "$arch" = armhf ] && [ "$goarch" = arm ]; } ||
	{ echo "bin/deskbell is for $goarch, and this machine is $arch." >&2 && exit 1; }

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
doc=$root/usr/share/doc/deskbell
install -D -m 755 bin/deskbell "$root/usr/bin/deskbell"
install -D -m 644 deploy/deskbell.service "$root/lib/systemd/system/deskbell.service"
install -D -m 640 deploy/deskbell.toml "$root/etc/deskbell/deskbell.toml"
install -D -m 644 deploy/grafana-dashboard.json "$root/usr/share/deskbell/grafana-dashboard.json"
install -D -m 644 deploy/prometheus-alerts.yml "$root/usr/share/deskbell/prometheus-alerts.yml"
install -D -m 644 docs/operations.md "$doc/operations.md"
install -d "$doc"
{
	echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
	echo "Upstream-Name: Deskbell"
	echo
	echo "Files: *"
	echo "Copyright: 2026 the Deskbell contributors"
	echo "License: Apache-2.0"
	echo " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0."
} >"$doc/copyright"
gzip -9n <CHANGELOG.md >"$doc/NEWS.md.gz"
made=$(git log -1 --format=%cD 2>/dev/null || date -R)
gzip -9n <<END >"$doc/changelog.gz"
deskbell ($version) stable; urgency=medium

  * What changed stands in NEWS.md.gz.

 -- Deskbell contributors <maintainers@deskbell.example>  $made
END
# One file without libraries, and settings that only root and the service read.
install -d "$root/usr/share/lintian/overrides"
printf 'deskbell: %s\n' statically-linked-binary non-standard-file-perm >"$root/usr/share/lintian/overrides/deskbell"
chmod 644 "$doc"/* "$root/usr/share/lintian/overrides/deskbell"

install -d "$root/DEBIAN"
for script in postinst prerm postrm; do install -m 755 "deploy/deb/$script" "$root/DEBIAN/$script"; done
echo /etc/deskbell/deskbell.toml >"$root/DEBIAN/conffiles"
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<END
Package: deskbell
Version: $version
Architecture: $arch
Maintainer: Deskbell contributors <maintainers@deskbell.example>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: adduser, ca-certificates, init-system-helpers (>= 1.54)
Suggests: postgresql, nginx | caddy
Section: web
Priority: optional
Homepage: https://github.com/deskbell/deskbell
Description: shared inbox and help desk for online stores
 Deskbell reads the mailboxes of a shop, keeps every message, and lets a team
 answer together: conversations, notes, drafts, search in four languages, and a
 ledger that proves that no message was lost.
 .
 One program with its database inside; PostgreSQL for several machines.
END
out=bin/deskbell_${version}_$arch.deb
dpkg-deb --root-owner-group --build -Zxz "$root" "$out" >/dev/null
echo "$out"
