#!/usr/bin/env bash
# Adds up what tests have counted into the file that WARDLINE_COUNTS named, one line for each kind:
#     scripts/counts.sh FILE
# A line is "WHAT: NUMBERS AND WORDS" or "WHAT: NAME: NUMBERS AND WORDS"; the numbers of those that
# differ in nothing but their names and numbers are added. Percentages are not: they stay as they are.
set -euo pipefail

if (($# != 1)); then
    echo "usage: scripts/counts.sh FILE" >&2
    exit 2
fi

awk '
function with_commas(n,    out) {
    out = sprintf("%d", n)
    while (match(out, /[0-9][0-9][0-9][0-9]($|,)/)) {
        out = substr(out, 1, RSTART) "," substr(out, RSTART + 1)
    }
    return out
}
{
    what = substr($0, 1, index($0, ": ") - 1)
    rest = substr($0, index($0, ": ") + 2)
    named = 0
    while (i = index(rest, ": ")) { rest = substr(rest, i + 2); named = 1 }
    shape = rest
    if (rest !~ /%/) gsub(/[0-9]+/, "#", shape)
    key = what ": " shape
    if (!(key in lines)) { order[++kinds] = key; parts[key] = shape; heads[key] = what }
    ++lines[key]
    is_named[key] = named
    if (rest ~ /%/) next
    for (n = 1; match(rest, /[0-9]+/); ++n) {
        sum[key, n] += substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
    }
}
END {
    for (k = 1; k <= kinds; ++k) {
        key = order[k]
        shape = parts[key]
        for (n = 1; i = index(shape, "#"); ++n) {
            shape = substr(shape, 1, i - 1) with_commas(sum[key, n]) substr(shape, i + 1)
        }
        print heads[key] ": " shape (is_named[key] ? " (" lines[key] " sets)" : "")
    }
}' "$1" | LC_ALL=C sort
