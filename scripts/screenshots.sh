#!/usr/bin/env bash
# Draws docs/console-doctor.png and docs/console-patient.png: what the consoles show, in real terminals
# (tmux), with a ward for the occasion. Besides what the build needs: python3-pil fonts-dejavu-core.
# scripts/screenshots.sh [FOLDER OF THE PROGRAMS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=$(cd "${1:-build/release/bin}" && pwd)
dir=$(mktemp -d)
unset TMUX NO_COLOR
export LC_ALL=C.UTF-8 TZ=UTC

screen() { tmux -u -f /dev/null -S "$dir/tmux" "$@"; }
pids=()
finish() {
    screen kill-server 2>/dev/null || true
    if ((${#pids[@]} > 0)); then kill "${pids[@]}" 2>/dev/null || true; fi
    wait || true
    rm -rf "$dir"
}
trap finish EXIT

# sit NAME COLUMNS ROWS COMMAND: a console; what follows is done there, until `at` is another.
sit() {
    at=$1
    screen new-session -d -s "$1" -x "$2" -y "$3" "$4"
    screen set-option -g status off
    screen resize-window -t "$1" -x "$2" -y "$3"
}
# soon COMMAND...: waits until it succeeds.
soon() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        if ((SECONDS > deadline)); then
            echo "screenshots: never true: $*" >&2
            screen capture-pane -t "$at" -p >&2
            exit 1
        fi
        sleep 0.1
    done
}
shows() { screen capture-pane -t "$at" -p | grep -qF -- "$1"; }
hides() { ! shows "$1"; }
see() { soon shows "$1"; }
keys() { screen send-keys -t "$at" "$@"; }
text() { keys -l -- "$1"; }
line() { text "$1" && keys Enter; }
acknowledge() {
    sleep 1 # what has just come is not acknowledged by a key
    keys a
    soon hides "not acknowledged"
}
draw() { # PNG COLUMNS ROWS
    screen capture-pane -t "$at" -p -e -N >"$dir/screen"
    /usr/bin/python3 scripts/screen_to_png.py "$dir/screen" "$2" "$3" "$1"
    echo "screenshots: $1"
}
doctor() { "$bin/doctor" "$@" --id dr-lee --data-dir "$dir/doctor" --json 2>/dev/null; }
invite() { doctor invite "$1" --host 127.0.0.1 | sed -E 's/.*"invite":"([^"]*)".*/\1/'; }

sit doctor 110 32 "exec '$bin/doctor' --id dr-lee --data-dir '$dir/doctor' \
    --group ristretto255 --listen 127.0.0.1:7460"
see "of 0 here"

start_patient() { # NAME ARGUMENTS...
    local name=$1
    shift
    mkfifo "$dir/$name.in"
    "$bin/patient" "$@" --data-dir "$dir/$name" --no-menu <>"$dir/$name.in" >"$dir/$name.out" 2>&1 &
    pids+=($!)
}
names=(carlos fatima hana joao mei noor olga sven yusuf)
for name in "${names[@]}"; do
    start_patient "$name" enroll "$(invite "$name")"
    see "$name signed in"
done
invite alice >"$dir/alice.invite"
sit alice 92 26 "exec '$bin/patient' enroll --file '$dir/alice.invite' --data-dir '$dir/alice'"
see "Signed in with dr-lee"
keys f
for said in "Good morning. Your results are back, and all is well." "Please drink enough today." \
    "Visiting hours: 15 to 18."; do
    doctor message alice "$said" >"$dir/answer"
    see "$said"
    acknowledge
done

at=doctor
see "10 of 10 here"
for gone in 5 7; do # noor and sven are away when it happens
    kill "${pids[gone]}"
done
see "8 of 10 here"
echo "send I am at the heliport. Where to?" >"$dir/mei.in"
see "heliport"
keys "!"
see "EMERGENCY to all patients"
line "Fire in the east wing. Leave by the west stairs, now."
see "8 of them connected now"
line yes
see "8 of 10 have it"

at=alice
see "EMERGENCY *** To all patients"
keys 3
text "I am on the third floor, with my neighbour"
see "with my neighbour"
draw docs/console-patient.png 92 26
keys Escape
see "Not sent yet"
acknowledge
for name in hana olga; do
    id=$(sed -nE 's/.*"event":"message","message_id":"([^"]*)".*/\1/p' "$dir/$name.out" | tail -n 1)
    echo "ack $id" >"$dir/$name.in"
done

at=doctor
see "3 say so"
start_patient bob --id bob --doctor-id dr-lee --connect 127.0.0.1:7460 --trust-on-first-use
see "waiting: bob (6)"
keys 5
see "Patient:"
line yusuf
see "Text to yusuf"
keys Tab Tab
text "Wait for the porter, he is"
see "the porter, he is"
draw docs/console-doctor.png 110 32
