#!/usr/bin/env bash
# Passes every test of the repository. Needs the .NET 10 SDK and Node 20; installs what else is missing when run as root on Debian or
# Ubuntu, and says what to install otherwise. Prints the sum over all runners at the end.
#   ./test.sh            everything
#   ./test.sh Core Grains  only these folders of tests/
set -uo pipefail
cd "$(dirname "$0")"

configuration=Release
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(Core Architecture Backend Grains WebFront Cluster Upstream Standalone Compose)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0

need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing $2"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null && return
  fi
  echo "The tests need $1: install the package $2 and run this again." >&2
  exit 2
}

count() { # count NAME: adds the summary that the test platform printed
  local p f
  p=$(sed -n 's/^ *succeeded: \([0-9]*\)$/\1/p' "$log" | tail -1)
  f=$(sed -n 's/^ *failed: \([0-9]*\)$/\1/p' "$log" | tail -1)
  if [ -z "$p" ] || [ "$2" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then f=$((${f:-0} + 1)); echo "== $1 did not run to its end" >&2; fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
}

need redis-server redis-server
need promtool prometheus
# Debian starts a server with the package; the tests start their own.
dotnet build Connections.sln -c "$configuration" -v quiet -nologo || { echo "0 passed, 1 failed"; exit 1; }

for suite in "${suites[@]}"; do
  echo "== $suite"
  if [ "$suite" = Compose ]; then
    # The stack's ports may be reachable from inside the engine's own network only: IN_ENGINE runs a command there.
    docker info >/dev/null 2>&1 || { echo "== Compose is skipped: no Docker engine answers"; continue; }
    [ -n "${IMAGES_ARE_BUILT:-}" ] || docker compose build --quiet || { failed=$((failed + 1)); continue; }
  fi
  in_engine=(); [ "$suite" != Compose ] || read -ra in_engine <<<"${IN_ENGINE:-}"
  ${in_engine[@]+"${in_engine[@]}"} dotnet test --project "tests/$suite" -c "$configuration" --no-build 2>&1 | tee "$log"
  count "$suite" "${PIPESTATUS[0]}"
done

if [ $# -eq 0 ]; then
  echo "== browser client"
  if (cd clients/typescript && npm ci --silent && npx tsc -p tsconfig.json && NO_COLOR=1 npx vitest run) 2>&1 | tee "$log"; then :; else failed=$((failed + 1)); fi
  passed=$((passed + $(sed -n 's/^ *Tests .*[^0-9]\([0-9][0-9]*\) passed.*/\1/p' "$log" | tail -1 | grep . || echo 0)))
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
