#!/usr/bin/env bash
# Which lines of protocol/ and common/crypto the tests of common and protocol and the fuzz targets
# over their corpora have run when they were last run under the preset asan (`ctest --preset asan`).
# Each file and both folders; fails below 95 % of the lines of either folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

least=95
build=build/asan
profiles=("$build"/coverage/*.profraw)
if [[ ! -f ${profiles[0]} ]]; then
    echo "coverage: error: the tests have not been run yet" >&2
    echo "coverage: hint: cmake --build --preset asan && ctest --preset asan" >&2
    exit 1
fi
llvm-profdata merge -sparse "${profiles[@]}" -o "$build/coverage/all.profdata"

objects=()
for program in "$build"/bin/test_common "$build"/bin/test_protocol "$build"/bin/fuzz_*; do
    objects+=(-object "$program")
done
llvm-cov report -instr-profile="$build/coverage/all.profdata" "${objects[@]}" \
    >"$build/coverage/report" 2>"$build/coverage/warnings"

# Of a file's columns: its name, and of its lines how many there are and how many are missed.
awk -v root="$PWD/" -v least="$least" -v counts="${WARDLINE_COUNTS:-/dev/null}" '
    function percent(covered, count) { return count ? 100 * covered / count : 0 }
    $8 ~ /^[0-9]+$/ && $9 ~ /^[0-9]+$/ {
        name = $1
        if (index(name, root) == 1) name = substr(name, length(root) + 1)
        sub(/^\.\//, "", name)
        folder = name ~ /^protocol\// ? 1 : name ~ /^common\/crypto\// ? 2 : 0
        if (!folder || $8 == 0) next
        count[folder] += $8
        covered[folder] += $8 - $9
        printf "coverage: %6.2f %%  %5d / %5d  %s\n", percent($8 - $9, $8), $8 - $9, $8, name
    }
    END {
        protocol = percent(covered[1], count[1])
        crypto = percent(covered[2], count[2])
        line = sprintf("coverage: protocol %.2f %%, common/crypto %.2f %% of lines",
                       protocol, crypto)
        print "count: " line
        print line >>counts
        if (protocol >= least && crypto >= least) exit 0
        print "coverage: FAILED: less than " least " % of a folder" >"/dev/stderr"
        exit 1
    }' "$build/coverage/report"
