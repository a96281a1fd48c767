#!/usr/bin/env bash
# run.sh PROGRAM SECONDS [OPTIONS...]: the fuzz target over its committed corpus, and on from there
# for so long. What it finds beyond the corpus is dropped (scripts/fuzz.sh keeps it); what makes it
# fail lies then in the working directory. Its executions are counted for scripts/test.sh.
set -euo pipefail

program=$1 seconds=$2
shift 2
name=${program##*/fuzz_}
corpus=$(dirname "${BASH_SOURCE[0]}")/corpus/$name
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
errors=$scratch/errors
mkdir "$scratch/found"

# Without deep stacks for each allocation it is a third faster; for -entropic=0 see scripts/fuzz.sh.
export ASAN_OPTIONS=malloc_context_size=3:detect_stack_use_after_return=1
# What the product says to people goes nowhere.
if ! "$program" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -close_fd_mask=3 \
    -print_final_stats=1 -entropic=0 "$@" "$scratch/found" "$corpus" 2>"$errors"; then
    cat "$errors" >&2
    exit 1
fi
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$errors")
line="count: fuzz executions: $name: $executions"
echo "$line"
if [[ -n ${WARDLINE_COUNTS:-} ]]; then echo "${line#count: }" >>"$WARDLINE_COUNTS"; fi
