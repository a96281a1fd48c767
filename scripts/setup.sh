#!/usr/bin/env bash
# Installs the Debian packages that Wardline is built and tested with, and nothing else.
# Running it again is free: it does nothing when all of them are there.
# With --peers: also the brokers that `wardline-bench fanout` measures beside ours. (Their packages
# start them as services.)
set -euo pipefail

packages=(
    # compilers and build
    g++ clang libclang-rt-14-dev cmake ninja-build ccache pkg-config git
    # what the sanitizers say, and which lines the tests run
    llvm
    # checks of the source, and of the models of the protocol
    clang-format clang-tidy spin
    # libraries (libboost1.81-dev: the unversioned package is 1.74, whose Asio is too old)
    libboost1.81-dev libcrypto++-dev libssl-dev libgmp-dev libsodium-dev libsqlite3-dev
    nlohmann-json3-dev libcli11-dev libfmt-dev libedit-dev libtomlplusplus-dev libncurses-dev
    libqrencode-dev
    # tests and measurements
    catch2 librapidcheck-dev libbenchmark-dev gnuplot-nox valgrind groff-base tshark tmux
    # what manual pages and completions are tried with
    man-db zsh fish
    # the vectors that Crypto++ is tested with
    libcrypto++-utils
)
case "$*" in
    "") ;;
    --peers) packages+=(mosquitto nats-server) ;;
    *)
        echo "usage: scripts/setup.sh [--peers]" >&2
        exit 2
        ;;
esac

if ! command -v dpkg-query apt-get >/dev/null; then
    echo "setup: error: this is not Debian: dpkg-query and apt-get are missing" >&2
    echo "setup: hint: install these by the means of this system: ${packages[*]}" >&2
    exit 1
fi

installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    echo "setup: all ${#packages[@]} packages are installed"
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "setup: error: ${#missing[@]} packages are missing, and only root can install them" >&2
        echo "setup: hint: as root, run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

apt() {
    # The variable goes through env, because sudo does not keep it.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" \
        </dev/null
}

echo "setup: installing ${#missing[@]} of ${#packages[@]} packages: ${missing[*]}"
apt update
apt install --yes --no-install-recommends "${missing[@]}"
echo "setup: all ${#packages[@]} packages are installed"
