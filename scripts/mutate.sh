#!/usr/bin/env bash
# Takes one check out of the product at a time (tests/mutations/*.patch) and runs the test that must
# notice: prints what each was caught by, and fails if one was not. The programs are altered in a copy
# of the commit that is checked out, below build/; the tests are those that were built last
# (WARDLINE_TESTS names another test_system). Arguments: names of mutations, if not all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

copy=$PWD/build/mutate
limit=30 # seconds: a test that waits in vain for a refusal has noticed, too
tests=${WARDLINE_TESTS:-build/dev/bin/test_system}
if [[ ! -x $tests ]]; then
    echo "mutate: there is no $tests; build it first" >&2
    exit 2
fi
mkdir -p "$copy"
git archive HEAD | tar -x -C "$copy"
build=$copy/build/dev
cmake -S "$copy" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DWARDLINE_TESTS=OFF >/dev/null
ninja -C "$build" doctor patient >/dev/null
export WARDLINE_DOCTOR=$build/bin/doctor WARDLINE_PATIENT=$build/bin/patient

patches=(tests/mutations/*.patch)
if (($# > 0)); then
    patches=()
    for name in "$@"; do patches+=("tests/mutations/$name.patch"); done
fi

# A test that fails anyhow notices nothing.
sed -n 's/^Test: //p' "${patches[@]}" | sort -u | while IFS= read -r test; do
    if ! timeout 300 "$tests" "$test" >"$copy/log" 2>&1 </dev/null; then
        echo "mutate: \"$test\" fails without a mutation ($copy/log)" >&2
        exit 2
    fi
done

missed=0
for file in "${patches[@]}"; do
    name=$(basename "$file" .patch)
    what=$(sed -n 's/^What: //p' "$file")
    test=$(sed -n 's/^Test: //p' "$file")
    patch -s -p1 -d "$copy" <"$file"
    # Only the programs: the test is that of the unaltered tree.
    if ! ninja -C "$build" doctor patient >"$copy/log" 2>&1; then
        echo "BROKEN  $name: it does not compile ($copy/log)"
        missed=$((missed + 1))
    else
        status=0
        timeout "$limit" "$tests" "$test" >"$copy/log" 2>&1 </dev/null || status=$?
        if ((status == 0)); then
            echo "MISSED  $name ($what) by \"$test\""
            missed=$((missed + 1))
        else
            echo "caught  $name ($what) by \"$test\""
        fi
    fi
    patch -s -R -p1 -d "$copy" <"$file"
done

echo "mutate: ${#patches[@]} mutations, $missed not caught"
((missed == 0))
