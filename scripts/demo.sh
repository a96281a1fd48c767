#!/usr/bin/env bash
# Installs what is missing, builds, and shows a doctor and five patients at work on this machine:
# enrolment by invite and from the waiting room, an emergency broadcast with its receipts, messages
# each way, a patient who was away, and the end. Needs no input, and ends by saying how to do the
# same by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }

step "Set-up and build"
scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target doctor patient | tail -n 1
bin=$PWD/build/release/bin

dir=$(mktemp -d)
pids=()
current="start"
finish() {
    local status=$?
    if ((${#pids[@]} > 0)); then kill "${pids[@]}" 2>/dev/null || true; fi
    wait || true
    if ((status == 0)); then
        rm -rf "$dir"
        printf '\ndemo: PASSED in %d s\n' "$SECONDS"
    else
        printf '\ndemo: FAILED at: %s (what was printed is in %s)\n' "$current" "$dir" >&2
    fi
}
trap finish EXIT

# await FILE PATTERN [COUNT]: until FILE has COUNT lines with PATTERN.
await() {
    local deadline=$((SECONDS + 30))
    current="waiting for '$2' in $(basename "$1")"
    until (($(grep -c -- "$2" "$1" 2>/dev/null || true) >= ${3:-1})); do
        if ((SECONDS > deadline)); then return 1; fi
        sleep 0.05
    done
}

# field FILE PATTERN NAME: the text member NAME of the last line with PATTERN.
field() { grep -- "$2" "$1" | tail -n 1 | sed -E "s/.*\"$3\":\"([^\"]*)\".*/\1/"; }

doctor() { "$bin/doctor" "$@" --id dr-demo --data-dir "$dir/doctor"; }

start_patient() { # NAME ARGUMENTS...: its words come from a pipe, its events go to a file
    local name=$1
    shift
    rm -f "$dir/$name.in"
    mkfifo "$dir/$name.in"
    "$bin/patient" "$@" --data-dir "$dir/$name" --no-menu <>"$dir/$name.in" >>"$dir/$name.out" \
        2>>"$dir/$name.log" &
    pids+=($!)
    printf -v "pid_$name" '%s' $!
}

step "A gateway starts"
"$bin/doctor" --id dr-demo --data-dir "$dir/doctor" --listen 127.0.0.1:0 --no-menu \
    </dev/null >"$dir/doctor.out" 2>"$dir/doctor.log" &
gateway=$!
pids+=("$gateway")
await "$dir/doctor.out" '"event":"listening"'
address=$(field "$dir/doctor.out" '"event":"listening"' address)
fingerprint=$(field "$dir/doctor.out" '"event":"listening"' fingerprint)
say "dr-demo listens on $address"
say "its fingerprint: $fingerprint"

step "alice enrols with an invite"
invite=$(doctor invite alice --host 127.0.0.1 --json 2>"$dir/invite.log" | sed -E 's/.*"invite":"([^"]*)".*/\1/')
say "doctor invite alice   ->   ${invite:0:40}..."
start_patient alice enroll "$invite"
await "$dir/alice.out" '"event":"authenticated"'
say "alice is in"

step "bob, carol, dave and erin knock, and are admitted from the waiting room"
for name in bob carol dave erin; do
    start_patient "$name" --id "$name" --doctor-id dr-demo --connect "$address" \
        --doctor-fingerprint "$fingerprint"
    await "$dir/$name.out" '"event":"waiting"'
    doctor admit "$name"
    await "$dir/$name.out" '"event":"authenticated"'
done
doctor patients

step "An emergency broadcast: encrypted once, signed, receipted by each"
doctor broadcast "Ward 3: please stay in your rooms." --wait 20
doctor deliveries

step "A message each way"
doctor message bob "Your results are in. Come by at ten."
await "$dir/bob.out" 'Your results are in'
say "bob reads: $(field "$dir/bob.out" '"event":"message"' text)"
echo "send Thank you, I will." >"$dir/bob.in"
await "$dir/doctor.out" 'Thank you, I will.'
say "the doctor reads: $(field "$dir/doctor.out" '"event":"message"' text)"

step "carol goes away, misses a broadcast, and gets it when she returns"
kill -KILL "$pid_carol"
wait "$pid_carol" 2>/dev/null || true
await "$dir/doctor.out" '"event":"patient_disconnected","id":"carol"'
doctor broadcast "All clear on ward 3." --wait 2 || say "(not everybody: carol is away)"
start_patient carol --id carol --doctor-id dr-demo --connect "$address"
await "$dir/carol.out" 'All clear on ward 3.'
await "$dir/doctor.out" '"patient":"carol","state":"decrypted"' 2
say "carol reads: $(field "$dir/carol.out" '"event":"message"' text)"
say "she came back by her token: $(grep '"event":"authenticated"' "$dir/carol.out" | tail -n 1)"
doctor deliveries

step "The end"
doctor disconnect --all
for name in alice bob carol dave erin; do await "$dir/$name.out" 'session_over'; done
say "all five were told that the session is over"
current="the gateway's exit"
kill -TERM "$gateway"
wait "$gateway"
say "the gateway has ended cleanly"

cat <<TEXT

== By hand
   build/release/bin/doctor setup            four questions: your ward, and an invite for alice
   build/release/bin/doctor --id dr-lee      the gateway, in the same terminal; ! and Enter: emergency
   build/release/bin/patient enroll          alice, in another terminal: it asks for the invite
TEXT
