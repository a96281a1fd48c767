#!/usr/bin/env bash
# Each include that breaks an arrow is found, and each that keeps them is let through.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# check STATUS FILE INCLUDE EXPECTED: in a tree that holds that one line, the check ends with
# STATUS and says EXPECTED.
check() {
    local expected_status=$1
    shift
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{common,protocol,doctor,patient,bench,tests} "$tree/$(dirname "$1")"
    printf '#include %s\n' "$2" >"$tree/$1"
    local status=0 output
    output=$(scripts/check_layering.sh "$tree" 2>&1) || status=$?
    if [[ $status -ne $expected_status || $output != *"$3"* ]]; then
        printf 'FAILED: %s with #include %s: expected "%s", got (%d):\n%s\n' \
            "$1" "$2" "$3" "$status" "$output"
        failures=$((failures + 1))
    fi
}

allowed() { check 0 "$1" "$2" "follow the arrows"; }

refused() {
    check 1 "$1" "$2" "$3"
    check 1 "$1" "$2" "$1:1: #include $2"
}

refused common/util/a.hpp '"common/crypto/group.hpp"' "common/util may include only"
refused common/crypto/a.cpp '"protocol/wire/frame.hpp"' "common/crypto may include only"
refused common/store/a.cpp '"common/crypto/aead.hpp"' "common/store may include only"
refused common/cli/a.cpp '"common/net/connection.hpp"' "common/cli may include only"
refused common/net/a.cpp '"protocol/message/hello.hpp"' "common/net may include only"
refused protocol/wire/a.cpp '"common/net/connection.hpp"' "protocol may include only"
refused doctor/a.cpp '"patient/inbox.hpp"' "doctor may include only"
refused patient/menu/a.cpp '<doctor/ward.hpp>' "patient may include only"
refused bench/a.cpp '"tests/support/catch.hpp"' "bench may include only"
refused doctor/a.cpp '"ward.hpp"' "named from its root"
refused doctor/a.cpp '"../common/util/error.hpp"' "named from its root"
refused doctor/a.cpp 'HEADER' "names a header"
refused doctor/a.cpp '<cryptopp/gcm.h>' "may include Crypto++"
refused tests/a.cpp '<openssl/bn.h>' "may include OpenSSL"
refused tests/system/adversary/a.cpp '<cryptopp/gcm.h>' "may include Crypto++"
refused tests/system/adversary/a.cpp '"protocol/wire/frame.hpp"' "independent peer"
refused tests/system/adversary/a.cpp '"common/crypto/aead.hpp"' "independent peer"
refused protocol/a.cpp '<gmp.h>' "may include GMP"
refused patient/a.cpp '<sodium.h>' "may include libsodium"
refused protocol/a.cpp '<boost/asio/ip/tcp.hpp>' "may include Asio"
refused common/crypto/a.cpp '<boost/asio.hpp>' "may include Asio"
refused doctor/a.cpp '<sqlite3.h>' "may include SQLite"
refused doctor/console/a.cpp '<curses.h>' "may include curses"
refused patient/a.cpp '<ncursesw/curses.h>' "may include curses"
refused common/tui/a.cpp '"common/cli/table.hpp"' "common/tui may include only"
refused bench/a.cpp '"common/tui/canvas.hpp"' "bench may include only"
refused protocol/session/a.cpp '<fstream>' "sans I/O"

allowed common/net/a.cpp '"protocol/wire/frame.hpp"'
allowed common/crypto/a.cpp '<openssl/bn.h>'
allowed bench/a.cpp '<openssl/bn.h>'
allowed tests/system/adversary/a.cpp '<openssl/bn.h>'
allowed tests/system/adversary/a.cpp '<sodium.h>'
allowed common/store/a.cpp '<sqlite3.h>'
allowed common/tui/a.cpp '<curses.h>'
allowed patient/a.cpp '"common/tui/canvas.hpp"'
allowed protocol/handshake/a.cpp '"protocol/message/hello.hpp"'
allowed protocol/a.cpp '<boost/system/result.hpp>'
allowed protocol/a.cpp '<mutex>'
allowed doctor/a.cpp '"common/store/database.hpp"'
allowed bench/a.cpp '"doctor/ward.hpp"'
allowed tests/doctor/a.cpp '"doctor/ward.hpp"'
allowed tests/system/a.cpp '<boost/asio.hpp>'

if ((failures > 0)); then
    echo "check_layering_test: $failures FAILED" >&2
    exit 1
fi
echo "check_layering_test: passed"
