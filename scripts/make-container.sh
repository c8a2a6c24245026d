#!/usr/bin/env bash
# make-container.sh VERSION  builds the image deskbell:VERSION from bin/deskbell.
set -euo pipefail
cd "$(dirname "$0")/.."

# Podman's own format has no health check.
format=(--format docker)
for engine in podman docker; do
	if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then
		exec "$engine" build "${format[@]}" -f deploy/Containerfile -t "deskbell:${1:-dev}" .
	fi
	format=()
done
echo "No container engine runs here: install podman, or start docker." >&2
exit 1
