#!/usr/bin/env bash
# make-container.sh VERSION  builds the image deskbell:VERSION from bin/deskbell.
set -euo pipefail
cd "$(dirname "$0")/.."

for engine in podman docker; do
	if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then
		exec "$engine" build -f deploy/Containerfile -t "deskbell:${1:-dev}" .
	fi
done
echo "No container engine runs here: install podman, or start docker." >&2
exit 1
