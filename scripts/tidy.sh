#!/usr/bin/env bash
# Runs clang-tidy, as .clang-tidy says, over every file of the two programs, or over these:
# scripts/tidy.sh [FILE...]. Tests and bench, whom nobody's secrets are given, are left out. Files are
# looked at as the preset asan compiles them; that all compile with clang, without a warning, is what
# its build shows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

cmake --preset asan >/dev/null

files=("$@")
if ((${#files[@]} == 0)); then
    mapfile -t files < <(find common protocol doctor patient -name '*.cpp' | sort)
fi

# Only what is found is shown, and not how many warnings there are in headers of others.
check() {
    local found
    found=$(clang-tidy --quiet -p build/asan "$1" 2>&1) && return
    printf '%s\n' "$found"
    return 1
}
export -f check
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 1 bash -c 'check "$1"' _ || {
    echo "tidy: FOUND something" >&2
    exit 1
}
echo "tidy: nothing found in ${#files[@]} files"
