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
# A number is a word of its own: ffdhe2048 is a name.
function is_number(word) { return word ~ /^[0-9]+,?$/ }
{
    what = substr($0, 1, index($0, ": ") - 1)
    rest = substr($0, index($0, ": ") + 2)
    named = 0
    while (i = index(rest, ": ")) { rest = substr(rest, i + 2); named = 1 }
    adds = rest !~ /%/
    size = split(rest, words, " ")
    key = what ":"
    for (n = 1; n <= size; ++n) {
        key = key " " (adds && is_number(words[n]) ? (words[n] ~ /,$/ ? "#," : "#") : words[n])
    }
    if (!(key in lines)) order[++kinds] = key
    ++lines[key]
    is_named[key] = named
    for (n = 1; adds && n <= size; ++n) if (is_number(words[n])) sum[key, n] += words[n]
}
END {
    for (k = 1; k <= kinds; ++k) {
        key = order[k]
        what = substr(key, 1, index(key, ": ") - 1)
        size = split(substr(key, index(key, ": ") + 2), words, " ")
        line = what ":"
        for (n = 1; n <= size; ++n) {
            if ((key, n) in sum) sub(/#/, with_commas(sum[key, n]), words[n])
            line = line " " words[n]
        }
        print line (is_named[key] ? " (" lines[key] " sets)" : "")
    }
}' "$1" | LC_ALL=C sort
