#!/usr/bin/env bash
# Checks the models of docs/formal with Spin, each exhaustively: every property that a model's head
# lists must hold, every mutant that it lists must break the property that it is listed with, and
# the witness must be reachable, so that nothing holds for want of anything that happens.
# Prints a line for each. Names of models as arguments: only these. Takes about a minute.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "${BASH_SOURCE[0]}")/../docs/formal"

# Names in the head: " *   PROPERTY   what it says" and " *   MUTANT -> PROPERTY".
properties() { sed -nE 's/^ \*   ([A-Z]+)  .*/\1/p' "$1.pml"; }
mutants() { sed -nE 's/^ \*   ([A-Z_]+) -> ([A-Z]+)$/\1 \2/p' "$1.pml"; }

# verifier MODEL KEEP DEFINE: pan, in the working directory, of a copy of the model in which only
# the asserts of the property KEEP are left (empty: all of them).
verifier() {
    local optimise=-O2 define=() strip=""
    [[ -z $2 ]] || strip="/\\/\\* $2 \\*\\//! s/assert\\(.*\\)(;? \\/\\*)/skip\\1/"
    [[ -z $3 ]] || define=("-D$3") optimise=-O1 # a counterexample is found soon
    sed -E "$strip" "$models/$1.pml" >model.pml
    spin "${define[@]}" -a model.pml >spin.out || {
        cat spin.out >&2
        return 1
    }
    local kind=-DSAFETY
    [[ $2 != FINITE ]] || kind=-DNP
    # -w: the code is Spin's.
    gcc "$optimise" -w "$kind" -DNOCLAIM -DMEMLIM=2048 -o pan pan.c
}

# Whether pan has looked at everything: it says so in words, and never in its status.
is_complete() {
    local cut='max search depth too small|search not completed|out of memory|truncated|aborting'
    grep -q '^Full statespace search' pan.out && grep -q '^State-vector' pan.out &&
        ! grep -qiE "$cut" pan.out
}

count_states() { sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' pan.out; }
line() { printf '%-16s %-26s %-10s %s\n' "$@"; }

# holds MODEL KEEP PROPERTY...: one search that shows all of them.
holds() {
    local model=$1 keep=$2 name verdict=FAILS options=(-m100000 -n)
    shift 2
    verifier "$model" "$keep" "" || return 1
    [[ $keep != FINITE ]] || options+=(-l)
    ./pan "${options[@]}" >pan.out 2>&1 || true
    if grep -q 'errors: 0$' pan.out; then
        verdict="CUT SHORT"
        if is_complete; then verdict=holds; fi
    fi
    for name in "$@"; do
        line "$model" "$name" "$verdict" "$(count_states) states"
    done
    [[ $verdict == holds ]] || { grep -E '^pan:|error' pan.out || true; } >&2
}

# breaks MODEL DEFINE NAME PROPERTY: the search must end in a counterexample to this property.
breaks() {
    local options=(-m100000 -n) expected="assertion violated"
    verifier "$1" "$4" "$2" || return 1
    case $4 in
        ENDS) expected="invalid end state" ;;
        FINITE) expected="non-progress cycle" options+=(-l -E) ;;
        *) options+=(-E) ;;
    esac
    ./pan "${options[@]}" >pan.out 2>&1 || true
    if grep -q "^pan:1: $expected" pan.out; then
        line "$1" "$3" "breaks" "$4 after $(count_states) states"
    else
        line "$1" "$3" "DOES NOT" "break $4 in $(count_states) states"
    fi
}

if [[ ${1-} == --one ]]; then # one search, for xargs below
    models=$PWD
    shift
    number=$1
    shift
    mkdir "$WARDLINE_MODELS_DIR/$number" && cd "$WARDLINE_MODELS_DIR/$number"
    if ! "$@" >result 2>messages; then
        line "$2" "$3" "IS NOT" "decided" >>result
    fi
    exit 0
fi

for tool in spin gcc; do
    if ! command -v "$tool" >/dev/null; then
        echo "check_models: error: $tool is not installed" >&2
        echo "check_models: hint: scripts/setup.sh installs it" >&2
        exit 1
    fi
done

chosen=("$@")
if (($# == 0)); then
    for file in *.pml; do chosen+=("${file%.pml}"); done
fi

tasks=()
problems=0
complain() {
    echo "check_models: error: $1" >&2
    problems=1
}
for model in "${chosen[@]}"; do
    [[ -f $model.pml ]] || { echo "check_models: error: there is no model $model" >&2; exit 2; }
    mapfile -t all < <(properties "$model")
    # What the head lists and what the model has must be the same.
    for name in "${all[@]}"; do
        [[ $name == ENDS || $name == FINITE ]] || grep -q "assert(.*/\* $name \*/" "$model.pml" ||
            complain "$model: no assert of $name"
        mutants "$model" | grep -q " $name\$" || complain "$model: no mutant breaks $name"
    done
    diff <(mutants "$model" | cut -d' ' -f1 | sort -u) \
        <(grep -oE 'MUTANT_[A-Z_]+' "$model.pml" | cut -c8- | sort -u) >&2 ||
        complain "$model: its head does not list its mutants"

    safety=()
    for name in "${all[@]}"; do [[ $name == FINITE ]] || safety+=("$name"); done
    tasks+=("holds $model '' ${safety[*]}")
    ((${#safety[@]} == ${#all[@]})) || tasks+=("holds $model FINITE FINITE")
    while read -r mutant property; do
        tasks+=("breaks $model MUTANT_$mutant $mutant $property")
    done < <(mutants "$model")
    tasks+=("breaks $model WITNESS witness WITNESS")
done
((problems == 0)) || exit 1

WARDLINE_MODELS_DIR=$(mktemp -d)
export WARDLINE_MODELS_DIR
trap 'rm -rf "$WARDLINE_MODELS_DIR"' EXIT
for i in "${!tasks[@]}"; do echo "--one $i ${tasks[i]}"; done | xargs -P "$(nproc)" -L 1 "$self"

for i in "${!tasks[@]}"; do
    cat "$WARDLINE_MODELS_DIR/$i/result"
    cat "$WARDLINE_MODELS_DIR/$i/messages" >&2
done | tee "$WARDLINE_MODELS_DIR/results"
good=$(grep -cE ' (holds|breaks) ' "$WARDLINE_MODELS_DIR/results" || true)
lines=$(wc -l <"$WARDLINE_MODELS_DIR/results")
states=$(awk '$3 == "holds" && !seen[$1 $4]++ { sum += $4 } END { print sum }' \
    "$WARDLINE_MODELS_DIR/results")
if ((good != lines)); then
    echo "models: $((lines - good)) of $lines verdicts are not as they must be" >&2
    exit 1
fi
holding=$(grep -c ' holds ' "$WARDLINE_MODELS_DIR/results")
breaking=$(awk '$3 == "breaks" && $2 != "witness" && !seen[$1 $2]++' \
    "$WARDLINE_MODELS_DIR/results" | wc -l)
counted="models: ${#chosen[@]} models, $holding properties hold in $states states,"
counted+=" $breaking mutants break them"
echo "$counted"
if [[ -n ${WARDLINE_COUNTS:-} ]]; then echo "$counted" >>"$WARDLINE_COUNTS"; fi
