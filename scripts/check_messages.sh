#!/usr/bin/env bash
# Checks that every message that docs/troubleshooting.md quotes is one of ours: each part of it between
# two "…" stands in a string of the sources. Prints each that does not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One line, with single blanks, literals that C++ joins joined, and quotes as they are shown.
sources=$(find common doctor patient -name '*.cpp' -print0 | xargs -0 cat | tr -s ' \n' '  ' |
    sed 's/" "//g; s/\\"/"/g')
messages=0
missing=0
while IFS= read -r message; do
    messages=$((messages + 1))
    while IFS= read -r part; do
        # Blanks at its ends are of the sentence, and may be of another literal.
        part=$(sed 's/^ *//; s/ *$//' <<<"$part")
        if ((${#part} < 3)) || [[ $sources == *"$part"* ]]; then continue; fi
        echo "docs/troubleshooting.md: no source says: $part"
        missing=$((missing + 1))
    done < <(sed 's/…/\n/g' <<<"$message")
done < <(sed -n 's/^| `\([^`]*\)` |.*/\1/p' docs/troubleshooting.md)

if ((messages == 0 || missing > 0)); then
    echo "messages: $missing parts of $messages messages are not in the sources" >&2
    exit 1
fi
echo "messages: all $messages that docs/troubleshooting.md quotes are ours"
