#!/usr/bin/env bash
# Installs what is missing, builds, and makes the Debian package build/package/wardline_*.deb; with
# lintian installed, lets it look, too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
# The same files make the same package.
if [[ -d .git || -f .git ]]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
    export SOURCE_DATE_EPOCH
fi
cmake --preset package >/dev/null
cmake --build --preset package
rm -f build/package/wardline_*.deb
cpack --config build/package/CPackConfig.cmake -G DEB
deb=$(echo build/package/wardline_*.deb)
if command -v lintian >/dev/null; then
    lintian --fail-on error,warning --suppress-tags-from-file scripts/package/lintian-suppressed "$deb"
fi
if command -v systemd-analyze >/dev/null; then
    for unit in wardline-doctor wardline-backup; do
        systemd-analyze security --offline=true --threshold=20 "scripts/package/$unit.service" |
            tail -n 1
    done
fi
dpkg-deb --info "$deb"
echo "package: $deb"
