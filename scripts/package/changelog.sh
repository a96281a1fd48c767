#!/bin/sh
# Debian's changelog of this version on standard output; what has changed is in CHANGELOG.md.
set -eu
cat <<TEXT
wardline ($1) stable; urgency=medium

  * What has changed is in /usr/share/doc/wardline/CHANGELOG.md.

 -- Wardline maintainers <maintainers@wardline.example>  $(date -u -R -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}")
TEXT
