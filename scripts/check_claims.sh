#!/usr/bin/env bash
# Checks that every test that docs/ names for a claim is there: [FOLDER/FILE_test.cpp] "its name",
# "another". Prints each that is not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

documents=(docs/threat-model.md docs/published-vulnerabilities.md)
claims=0
missing=0

# One line, with single blanks, and literals that C++ joins joined.
flat() { tr -s ' \n' '  ' <"$1" | sed 's/" "//g; s/TEST_CASE( /TEST_CASE(/g'; }

for document in "${documents[@]}"; do
    while IFS= read -r claim; do
        file=tests/${claim%%]*}
        file=${file/\[/}
        if [[ ! -f $file ]]; then
            echo "$document: there is no $file"
            missing=$((missing + 1))
            continue
        fi
        source=$(flat "$file")
        while IFS= read -r name; do
            claims=$((claims + 1))
            [[ $source == *"TEST_CASE($name"* ]] && continue
            echo "$document: $file has no test $name"
            missing=$((missing + 1))
        done < <(grep -oE '"[^"]+"' <<<"${claim#*]}")
    done < <(tr -s ' \n' '  ' <"$document" | grep -oE '\[[a-z0-9_/]+_test\.cpp\]( "[^"]+",?)+')
done

if ((claims == 0 || missing > 0)); then
    echo "claims: $missing of $claims tests are not there" >&2
    exit 1
fi
echo "claims: all $claims tests that stand behind one are there"
