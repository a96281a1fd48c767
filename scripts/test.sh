#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test: the optimised build first, then the suite
# again under ASan with UBSan, with the fuzz targets and the coverage of both, and under TSan, then
# clang-tidy. The first failure ends it.
# With --quick: only the optimised build and its tests, which include format and layering.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

quick=false
case "$*" in
    "") ;;
    --quick) quick=true ;;
    *)
        echo "usage: scripts/test.sh [--quick]" >&2
        exit 2
        ;;
esac

log=$(mktemp)
counts=$(mktemp -d)  # a file for each preset
summary=()
current="set-up"

finish() {
    local status=$?
    local preset
    for preset in "$counts"/*; do
        if [[ -f $preset ]]; then
            echo "test: counted in ${preset##*/}:"
            scripts/counts.sh "$preset" | sed 's/^/test:     /'
        fi
    done
    rm -rf "$log" "$counts"
    if ((${#summary[@]} > 0)); then printf 'test: %s\n' "${summary[@]}"; fi
    if ((status == 0)); then
        echo "test: PASSED in $((SECONDS / 60)) min $((SECONDS % 60)) s"
    else
        echo "test: FAILED in step: $current" >&2
    fi
}
trap finish EXIT

step() {
    current=$1
    printf '\n== %s (%d min %02d s)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60))
}

# The sanitizers want their shadow memory at addresses that a kernel with much address
# randomisation may already have given away, so they run without it where that is allowed.
fixed_addresses=()
if setarch -R true 2>/dev/null; then fixed_addresses=(setarch -R); fi

# build PRESET [WRAPPER...]: also runs each test program once, for the list of its tests.
build() {
    local preset=$1
    shift
    step "$preset: build"
    cmake --preset "$preset" >"$log" || {
        cat "$log"
        return 1
    }
    "$@" cmake --build --preset "$preset"
}

# run PRESET [WRAPPER...]: runs the preset's tests and keeps ctest's own line about them.
run() {
    local preset=$1 status=0
    shift
    step "$preset: tests"
    WARDLINE_COUNTS=$counts/$preset "$@" ctest --preset "$preset" | tee "$log" || status=$?
    summary+=("$preset: $(grep -E 'tests passed' "$log" || echo "ctest said nothing")")
    return "$status"
}

step "set-up"
scripts/setup.sh

step "shell syntax"
git ls-files -z -- '*.sh' .ci/run | while IFS= read -r -d '' script; do bash -n "$script"; done

build release
run release
if ! $quick; then
    for preset in asan tsan; do
        build "$preset" "${fixed_addresses[@]}"
        rm -rf "build/$preset/coverage"
        run "$preset" "${fixed_addresses[@]}"
        if [[ $preset == asan ]]; then
            step "coverage"
            WARDLINE_COUNTS=$counts/$preset scripts/coverage.sh
        fi
    done
    step "tidy"
    scripts/tidy.sh | tee "$log"
    summary+=("$(tail -n 1 "$log")")
fi
