#!/usr/bin/env bash
# Takes one check out of the product at a time (tests/mutations/*.patch) and runs the test that must
# notice: prints what each was caught by, and fails if one was not. Works on a copy of the commit
# that is checked out, below build/. Arguments: names of mutations, if not all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tree=$PWD/build/mutate
limit=30 # seconds: a test that waits in vain for a refusal has noticed, too
rm -rf "$tree/source"
mkdir -p "$tree/source"
git archive HEAD | tar -x -C "$tree/source"
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
cmake -S "$tree/source" -B "$tree/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug "${launcher[@]}" >/dev/null
ninja -C "$tree/build" doctor patient test_system >/dev/null

patches=(tests/mutations/*.patch)
if (($# > 0)); then
    patches=()
    for name in "$@"; do patches+=("tests/mutations/$name.patch"); done
fi

missed=0
for file in "${patches[@]}"; do
    name=$(basename "$file" .patch)
    what=$(sed -n 's/^What: //p' "$file")
    test=$(sed -n 's/^Test: //p' "$file")
    patch -s -p1 -d "$tree/source" <"$file"
    # Only the programs: the test is that of the unaltered tree.
    if ! ninja -C "$tree/build" doctor patient >"$tree/log" 2>&1; then
        echo "BROKEN  $name: it does not compile ($tree/log)"
        missed=$((missed + 1))
    else
        status=0
        timeout "$limit" "$tree/build/bin/test_system" "$test" >"$tree/log" 2>&1 || status=$?
        if ((status == 0)); then
            echo "MISSED  $name ($what) by \"$test\""
            missed=$((missed + 1))
        else
            echo "caught  $name ($what) by \"$test\""
        fi
    fi
    patch -s -R -p1 -d "$tree/source" <"$file"
done

echo "mutate: ${#patches[@]} mutations, $missed not caught"
((missed == 0))
