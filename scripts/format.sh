#!/usr/bin/env bash
# Formats every tracked C++ file as .clang-format says; with --check only tells which differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    echo "usage: scripts/format.sh [--check]" >&2
    exit 2
}

arguments=(-i)
case "${1-}" in
    "") ;;
    --check) arguments=(--dry-run --Werror) ;;
    *) usage ;;
esac
[[ $# -le 1 ]] || usage

git rev-parse --is-inside-work-tree >/dev/null # or nothing would be tracked, and all well
mapfile -d '' -t tracked < <(git ls-files -z -- '*.cpp' '*.hpp')
files=()
for file in "${tracked[@]}"; do
    # Tracked, but deleted in the working tree.
    if [[ -e $file ]]; then files+=("$file"); fi
done
if ((${#files[@]} == 0)); then
    echo "format: no C++ files"
    exit 0
fi

if ! printf '%s\0' "${files[@]}" |
    xargs -0 -n 16 -P "$(nproc)" clang-format --style=file "${arguments[@]}"; then
    echo "format: FAILED; scripts/format.sh puts it right" >&2
    exit 1
fi
echo "format: ${#files[@]} files are as .clang-format says"
