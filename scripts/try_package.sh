#!/usr/bin/env bash
# Tries a package in a clean Debian 12: installs it, starts the gateway as its unit does, enrols a
# patient, broadcasts, backs up, upgrades, removes, purges; each step with what it printed. As root,
# with debootstrap; no part of the tests, for it takes minutes and loads from Debian's servers.
#
#   scripts/try_package.sh NEW.deb [OLD.deb] [ROOT]
#
# With OLD.deb that is installed first, and the data that it has made is what NEW.deb finds. ROOT (by
# default a new one in /var/tmp, removed afterwards) is used again if it is there.
set -euo pipefail

new=$(realpath "$1")
old=$(realpath "${2:-$1}")
root=${3:-}
kept=true
if [[ -z $root ]]; then
    root=$(mktemp -d /var/tmp/wardline-root-XXXXXX)
    kept=false
fi

pids=()
current="start"
finish() {
    local status=$?
    if ((${#pids[@]} > 0)); then kill "${pids[@]}" 2>/dev/null || true; fi
    wait || true
    umount "$root/proc" 2>/dev/null || true
    if ! $kept; then rm -rf --one-file-system "$root"; fi
    if ((status == 0)); then echo "try_package: PASSED"; else echo "try_package: FAILED at: $current"; fi
}
trap finish EXIT

step() {
    current=$1
    printf '\n== %s\n' "$1"
}
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
show() {
    printf '# %s\n' "$*"
    in_root "$@"
}
become() { # USER WORDS...: in the place of this shell, so that signals reach it
    local user=$1
    shift
    exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        HOME="/home/$user" setpriv --reuid "$user" --regid "$user" --init-groups "$@"
}
as() { (become "$@"); }
ward() {
    printf '$ doctor %s --id dr-lee --data-dir /var/lib/wardline/doctor\n' "$*"
    as wardline doctor "$@" --id dr-lee --data-dir /var/lib/wardline/doctor
}

# As systemd would: the unit's own command, user and environment, of what is installed.
value_of() { sed -n "s/^$2=//p" "$root/lib/systemd/system/$1" | head -n 1; }
unit_shell() { # UNIT
    printf 'umask %s; exec env %s %s' "$(value_of "$1" UMask)" "$(value_of "$1" Environment)" \
        "$(value_of "$1" ExecStart)"
}
say_who() { # nothing starts before somebody has said who the doctor is
    if ! grep -q '^ExecStart=.*--config' "$root/lib/systemd/system/wardline-doctor.service"; then
        return
    fi
    if as wardline sh -c "$(unit_shell wardline-doctor.service)" </dev/null; then return 1; fi
    show sed -i 's/^#id = .*/id = "dr-lee"/' /etc/wardline/doctor.toml
    show doctor config check /etc/wardline/doctor.toml
}
start_gateway() {
    printf '# %s\n' "$(value_of wardline-doctor.service ExecStart)"
    become "$(value_of wardline-doctor.service User)" sh -c \
        "$(unit_shell wardline-doctor.service)" </dev/null >/dev/null \
        2>>"$root/var/log/wardline-doctor.log" &
    gateway=$!
    pids+=("$gateway")
    local deadline=$((SECONDS + 30))
    until as wardline doctor status --id dr-lee --data-dir /var/lib/wardline/doctor 2>/dev/null; do
        if ((SECONDS > deadline)) || ! kill -0 "$gateway"; then
            cat "$root/var/log/wardline-doctor.log"
            return 1
        fi
        sleep 0.1
    done
}
stop_gateway() {
    kill -TERM "$gateway"
    wait "$gateway"
    echo "the gateway has ended with 0"
}
start_patient() { # WORDS...
    become alice patient "$@" --no-menu </dev/null >>"$root/home/alice/events" 2>&1 &
    pids+=($!)
    patient=$!
}
await() { # PATTERN COUNT
    local deadline=$((SECONDS + 60))
    until (($(grep -c -- "$1" "$root/home/alice/events" || true) >= $2)); do
        if ((SECONDS > deadline)); then
            cat "$root/home/alice/events"
            return 1
        fi
        sleep 0.1
    done
}

step "A clean Debian 12"
if [[ ! -e $root/etc/debian_version ]]; then debootstrap --variant=minbase bookworm "$root" >/dev/null; fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
# What an earlier trial has left in a root that is used again.
in_root dpkg --purge wardline >/dev/null 2>&1 || true
in_root userdel --remove alice >/dev/null 2>&1 || true
rm -rf "$root/var/backups/wardline" "$root/var/log/wardline-doctor.log"
show cat /etc/debian_version
show dpkg-query -W -f 'packages: ${Package}\n' wardline || true
in_root apt-get update -qq

step "Install $(basename "$old")"
cp "$old" "$root/root/old.deb"
cp "$new" "$root/root/new.deb"
show env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 \
    /root/old.deb
show id wardline
show ls -ld /var/lib/wardline /var/lib/wardline/doctor /var/backups/wardline
show doctor --version
show sh -c 'ls -l /usr/share/man/man1/doctor.1.gz /usr/share/bash-completion/completions/doctor'

step "Start, as wardline-doctor.service does"
say_who
start_gateway

step "Use: an invite, an enrolment, a broadcast and its receipt"
show useradd --create-home alice
invite=$(ward invite alice --host 127.0.0.1 --json | sed -n 's/.*"invite":"\([^"]*\)".*/\1/p')
start_patient enroll "$invite"
await '"event":"authenticated"' 1
ward patients
ward broadcast "Stay in your rooms" --wait 30
await 'Stay in your rooms' 1
grep 'Stay in your rooms' "$root/home/alice/events"
ward deliveries

step "Upgrade to $(basename "$new"), with the data as it is"
stop_gateway
show env DEBIAN_FRONTEND=noninteractive apt-get install -qq --reinstall -o Dpkg::Use-Pty=0 \
    /root/new.deb
show doctor --version
if ! grep -q '^id = "dr-lee"' "$root/etc/wardline/doctor.toml"; then say_who; fi
start_gateway
await '"event":"authenticated"' 2
kill -TERM "$patient"
wait "$patient"
start_patient --id alice --doctor-id dr-lee
await '"event":"authenticated"' 3
ward broadcast "All clear" --wait 30
await 'All clear' 1
ward deliveries
ward audit verify

step "A backup, as wardline-backup.service makes it"
printf '# %s\n' "$(value_of wardline-backup.service ExecStart)"
as "$(value_of wardline-backup.service User)" sh -c "$(unit_shell wardline-backup.service)"
show ls -l /var/backups/wardline

step "Remove: what it keeps stays"
kill -TERM "$patient"
stop_gateway
show env DEBIAN_FRONTEND=noninteractive apt-get remove -qq -o Dpkg::Use-Pty=0 wardline
show ls /var/lib/wardline/doctor /etc/wardline/doctor.toml /var/backups/wardline
if in_root sh -c 'command -v doctor'; then exit 1; fi

step "Install again: it is the same doctor"
show env DEBIAN_FRONTEND=noninteractive apt-get install -qq -o Dpkg::Use-Pty=0 /root/new.deb
start_gateway
ward patients
stop_gateway

step "Purge: only the backups are left"
show env DEBIAN_FRONTEND=noninteractive apt-get purge -qq -o Dpkg::Use-Pty=0 wardline
show sh -c 'ls -ld /var/lib/wardline /etc/wardline/doctor.toml; getent passwd wardline; dpkg -l wardline' ||
    true
if in_root test -e /var/lib/wardline || in_root getent passwd wardline; then exit 1; fi
show ls -l /var/backups/wardline
