#!/usr/bin/env bash
# scripts/fuzz.sh HOURS [TARGET...]: hunts with all fuzz targets, or with these: as many at once as
# there are cores, each for its share of the time. It begins from the committed corpus and from what
# earlier hunts have left in build/fuzz/corpus. What makes a target fail is kept in
# build/fuzz/findings; then the status is 1.
# scripts/fuzz.sh --minimise [TARGET...]: replaces the committed corpora by the few inputs of both
# that reach as much.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

usage() {
    echo "usage: scripts/fuzz.sh HOURS|--minimise [TARGET...]" >&2
    exit 2
}

minimise=false
hours=0
case "${1:-}" in
    --minimise) minimise=true ;;
    *) [[ ${1:-} =~ ^[0-9]+(\.[0-9]+)?$ ]] && hours=$1 || usage ;;
esac
shift

targets=("$@")
if ((${#targets[@]} == 0)); then
    for source in tests/fuzz/*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
for target in "${targets[@]}"; do
    if [[ ! -f tests/fuzz/$target.cpp ]]; then
        echo "fuzz: error: there is no target $target" >&2
        exit 2
    fi
done

cmake --preset asan >/dev/null
cmake --build --preset asan --target "${targets[@]/#/fuzz_}"

work=$PWD/build/fuzz
mkdir -p "$work/corpus" "$work/findings" "$work/log"
cores=$(nproc)
# Without deep stacks for each allocation it is a third faster.
export ASAN_OPTIONS=malloc_context_size=3:detect_stack_use_after_return=1

# -entropic=0: its bookkeeping takes more time than all of our code in the targets that reach much.
hunt() {
    local target=$1 seconds=$2 status=0
    mkdir -p "$work/corpus/$target" "tests/fuzz/corpus/$target"
    build/asan/bin/fuzz_"$target" -max_total_time="$seconds" -entropic=0 -close_fd_mask=3 \
        -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 -reload=0 \
        -artifact_prefix="$work/findings/$target-" \
        "$work/corpus/$target" "tests/fuzz/corpus/$target" >"$work/log/$target" 2>&1 || status=$?
    echo "$status" >"$work/log/$target.status"
}

# The same without counting how often: the inputs are a tenth, the lines that they reach the same.
shrink() {
    local target=$1 fresh
    fresh=$(mktemp -d)
    mkdir -p "$work/corpus/$target" "tests/fuzz/corpus/$target"
    build/asan/bin/fuzz_"$target" -merge=1 -set_cover_merge=1 -use_counters=0 -close_fd_mask=3 \
        "$fresh" "tests/fuzz/corpus/$target" "$work/corpus/$target" >"$work/log/$target" 2>&1
    rm -rf "tests/fuzz/corpus/$target"
    mkdir "tests/fuzz/corpus/$target"
    find "$fresh" -type f -exec mv -t "tests/fuzz/corpus/$target" {} +
    rmdir "$fresh"
    echo "fuzz: $target: $(find "tests/fuzz/corpus/$target" -type f | wc -l) inputs," \
        "$(du -sb "tests/fuzz/corpus/$target" | cut -f1) bytes"
}

if $minimise; then
    for target in "${targets[@]}"; do shrink "$target"; done
    exit 0
fi

rounds=$(((${#targets[@]} + cores - 1) / cores))
seconds=$(awk -v h="$hours" -v r="$rounds" 'BEGIN { printf "%d", h * 3600 / r }')
if ((seconds < 1)); then usage; fi
echo "fuzz: ${#targets[@]} targets, $cores at once, $seconds s each"
rm -f "$work"/log/*
export -f hunt
export work
printf '%s\n' "${targets[@]}" | xargs -P "$cores" -I{} bash -c 'hunt "$1" "$2"' _ {} "$seconds"

failed=0
all=0
for target in "${targets[@]}"; do
    log=$work/log/$target
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    reached=$(grep -aoE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -1)
    all=$((all + ${executions:-0}))
    echo "fuzz: $target: ${executions:-0} executions, ${reached:-nothing reached}"
    if (($(cat "$log.status") != 0)); then
        failed=1
        grep -aE '^fuzz: |ERROR: |runtime error: |Test unit written' "$log" >&2 || tail -5 "$log" >&2
    fi
done
echo "fuzz: $all executions in all"
if ((failed)); then
    echo "fuzz: FINDINGS in ${work#"$PWD"/}/findings; to see one: build/asan/bin/fuzz_TARGET FILE" >&2
    exit 1
fi
echo "fuzz: no finding"
