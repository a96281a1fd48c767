#!/usr/bin/env bash
# Checks every #include against the arrows of docs/architecture.md and prints each line that
# points where it must not. An argument names another tree to look at (the test does so).
set -euo pipefail
cd "${1-$(dirname "${BASH_SOURCE[0]}")/..}"

rules=$(
    cat <<'AWK'
BEGIN {
    adversary = "tests/system/adversary"

    # What each module may include, besides itself.
    arrows["common/util"] = ""
    arrows["common/crypto"] = "common/util"
    arrows["common/store"] = "common/util"
    arrows["common/cli"] = "common/util"
    arrows["common/tui"] = "common/util"
    arrows["common/at_rest"] = "common/util common/crypto common/store common/cli"
    arrows["common/net"] = "common/util protocol/wire protocol/constants.hpp"
    arrows["protocol"] = "common/util common/crypto"
    ends = "common/util common/crypto common/store common/cli common/at_rest common/net protocol"
    screens = ends " common/tui"
    arrows["doctor"] = screens
    arrows["patient"] = screens
    arrows["bench"] = ends " doctor patient"
    arrows["tests"] = screens " doctor patient bench"

    # Libraries that only some modules may include.
    split("Crypto++ OpenSSL GMP libsodium Asio SQLite curses", libraries)
    header["Crypto++"] = "^(cryptopp|crypto\\+\\+)/"
    header["OpenSSL"] = "^openssl/"
    header["GMP"] = "^gmp(xx)?\\.h$"
    header["libsodium"] = "^sodium(/.*)?(\\.h)?$"
    header["Asio"] = "^boost/asio(/|\\.hpp$)"
    header["SQLite"] = "^sqlite3(ext)?\\.h$"
    header["curses"] = "^(ncursesw?/)?(n?curses|term|panel|menu|form)\\.h$"
    # bench sets them beside ours; the adversary must not build on ours.
    users["Crypto++"] = "common/crypto bench"
    users["OpenSSL"] = users["libsodium"] = "common/crypto bench " adversary
    users["GMP"] = "common/crypto"
    users["Asio"] = "common/net doctor patient bench tests"
    users["SQLite"] = "common/store"
    users["curses"] = "common/tui"

    # protocol is sans I/O: it is given bytes and the time, and it gives actions. (A lock is no I/O:
    # the crypto workers share what they ask of it.)
    io = "^(fstream|filesystem|iostream|thread|future|unistd\\.h|poll\\.h|fcntl\\.h|netdb\\.h|" \
        "(sys|net|netinet|arpa|linux)/.*)$"
}

function within(path, folder) { return path == folder || index(path, folder "/") == 1 }

function listed(path, folders,    n, i, list) {
    n = split(folders, list, " ")
    for (i = 1; i <= n; i++) if (within(path, list[i])) return 1
    return 0
}

function module_of(path,    parts) {
    split(path, parts, "/")
    return parts[1] == "common" ? parts[1] "/" parts[2] : parts[1]
}

function offends(rule) {
    print where ": " directive
    print "    " rule
    bad++
}

{
    # FILE:LINE:#include <header> or "header"
    match($0, /^[^:]*:[0-9]+:/)
    where = substr($0, 1, RLENGTH - 1)
    directive = substr($0, RLENGTH + 1)
    gsub(/^[ \t]+|[ \t\r]+$/, "", directive)
    file = where
    sub(/:[0-9]+$/, "", file)
    module = module_of(file)

    if (!(module in arrows)) {
        offends("the rules do not name the module " module)
        next
    }
    quoted = directive ~ /^#[ \t]*include[ \t]*"/
    if (!match(directive, quoted ? "\"[^\"]+\"" : "<[^>]+>")) {
        offends("an include names a header, so that the arrows can be read")
        next
    }
    target = substr(directive, RSTART + 1, RLENGTH - 2)
    to = module_of(target)

    if (to in arrows) {
        if (to != module && !listed(target, arrows[module]))
            offends(module " may include only: " module " " arrows[module])
    } else if (quoted) {
        offends("headers of the tree are named from its root")
    }
    for (i = 1; i in libraries; i++) {
        library = libraries[i]
        if (target ~ header[library] && !listed(file, users[library]))
            offends("only " users[library] " may include " library)
    }
    if (within(file, adversary) && (to == "protocol" || within(target, "common/crypto")))
        offends("the adversary is an independent peer: it makes and reads its own bytes")
    if (module == "protocol" && target ~ io)
        offends("protocol is sans I/O: no files, no sockets, no threads of its own")
}

END { exit bad > 0 }
AWK
)

includes=$(grep -rnE '^[[:space:]]*#[[:space:]]*include' \
    --include='*.cpp' --include='*.hpp' --include='*.h' \
    common protocol doctor patient bench tests)
if ! awk "$rules" <<<"$includes"; then
    echo "layering: FAILED; the arrows are in docs/architecture.md" >&2
    exit 1
fi
echo "layering: $(wc -l <<<"$includes") includes follow the arrows"
