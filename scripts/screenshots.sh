#!/usr/bin/env bash
# Draws docs/console-doctor.png: what the doctor's console shows, in a real terminal (tmux), with a ward
# for the occasion. Besides what the build needs: python3-pil fonts-dejavu-core.
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

# see TEXT: waits until the screen shows it.
see() {
    local deadline=$((SECONDS + 60))
    until screen capture-pane -p | grep -qF -- "$1"; do
        if ((SECONDS > deadline)); then
            echo "screenshots: never shown: $1" >&2
            screen capture-pane -p >&2
            exit 1
        fi
        sleep 0.1
    done
}
keys() { screen send-keys "$@"; }
line() { screen send-keys -l -- "$1" && screen send-keys Enter; }
doctor() { "$bin/doctor" "$@" --id dr-lee --data-dir "$dir/doctor" --json 2>/dev/null; }

screen new-session -d -x 110 -y 32 "exec '$bin/doctor' --id dr-lee --data-dir '$dir/doctor' \
    --group ristretto255 --listen 127.0.0.1:7460"
screen set-option -g status off
see "of 0 here"

start_patient() { # NAME ARGUMENTS...
    local name=$1
    shift
    mkfifo "$dir/$name.in"
    "$bin/patient" "$@" --data-dir "$dir/$name" --no-menu <>"$dir/$name.in" >"$dir/$name.out" 2>&1 &
    pids+=($!)
}
names=(alice carlos fatima hana joao mei noor olga sven yusuf)
for name in "${names[@]}"; do
    invite=$(doctor invite "$name" --host 127.0.0.1 | sed -E 's/.*"invite":"([^"]*)".*/\1/')
    start_patient "$name" enroll "$invite"
    see "$name signed in"
done
for gone in 6 8; do # noor and sven are away when it happens
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
for name in alice hana olga; do
    id=$(sed -nE 's/.*"event":"message","message_id":"([^"]*)".*/\1/p' "$dir/$name.out" | tail -n 1)
    echo "ack $id" >"$dir/$name.in"
done
see "3 say so"
start_patient bob --id bob --doctor-id dr-lee --connect 127.0.0.1:7460 --trust-on-first-use
see "waiting: bob (6)"
keys 5
see "Patient:"
line yusuf
see "Text to yusuf"
keys Tab Tab
screen send-keys -l "Wait for the porter, he is"
see "the porter, he is"

screen capture-pane -p -e -N >"$dir/screen"
/usr/bin/python3 scripts/screen_to_png.py "$dir/screen" 110 32 docs/console-doctor.png
echo "screenshots: docs/console-doctor.png"
