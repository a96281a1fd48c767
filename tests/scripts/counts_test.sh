#!/usr/bin/env bash
# scripts/counts.sh adds up what must be added, and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

file=$(mktemp)
trap 'rm -f "$file"' EXIT
cat >"$file" <<'END'
vectors: aes_gcm_test.json: 66 cases, 250 skipped
properties: 1 properties, 100 cases
vectors: dsa: 1934 cases, 0 skipped
vectors: gone.json: 0 cases, 0 skipped (absent)
properties: 1 properties, 3000 cases
fuzz executions: frames: 900000
fuzz executions: messages: 1100000
coverage: protocol 97.1 %, common/crypto 96 % of lines
forgeries: 38 in ffdhe2048
forgeries: 38 in ffdhe2048
forgeries: 32 in ristretto255
models: 4 models, 25 properties hold in 1234567 states, 22 mutants break them
END
expected='coverage: protocol 97.1 %, common/crypto 96 % of lines
forgeries: 32 in ristretto255
forgeries: 76 in ffdhe2048
fuzz executions: 2,000,000 (2 sets)
models: 4 models, 25 properties hold in 1,234,567 states, 22 mutants break them
properties: 2 properties, 3,100 cases
vectors: 0 cases, 0 skipped (absent) (1 sets)
vectors: 2,000 cases, 250 skipped (2 sets)'
got=$(scripts/counts.sh "$file")
if [[ $got != "$expected" ]]; then
    printf 'counts.sh says:\n%s\ninstead of:\n%s\n' "$got" "$expected" >&2
    exit 1
fi
: >"$file"
[[ -z $(scripts/counts.sh "$file") ]]
