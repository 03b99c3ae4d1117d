#!/usr/bin/env bash
# Passes the tests of the repository but for Compose, which needs a Docker engine and is asked for by name. Needs the .NET 10 SDK and Node 20;
# installs what else is missing when run as root on Debian or Ubuntu, and says what to install otherwise. Prints the
# sum over all runners at the end.
#   ./test.sh                  all but Compose
#   ./test.sh Browser          the browser client in Chromium, Firefox and WebKit
#   ./test.sh Core Grains      only these: folders of tests/, or Client for the tests of clients/typescript
#   ./test.sh default Compose  the first and the compose stack
#   FAULTS=all ./test.sh Faults   the whole fault matrix; its table is printed (docs/reliability.md says more). Without FAULTS, KILLS
#                              and SOAK the suite is the rows that say most, and five minutes of soak
set -uo pipefail
cd "$(dirname "$0")"

configuration=Release
suites=()
for suite in "${@:-default}"; do
  if [ "$suite" = default ]; then suites+=(Core Architecture Simulation Fuzzing Backend Grains WebFront Door Cluster Upstream Standalone Faults Client Browser); else suites+=("$suite"); fi
done
log=$(mktemp)
failures=$(mktemp)
flaky=$(mktemp)
trap 'rm -f "$log" "$failures" "$flaky"' EXIT
passed=0 failed=0

need() { # need COMMAND PACKAGE...: the command, from these packages
  command -v "$1" >/dev/null && return
  local command=$1
  shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing $*"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
  fi
  echo "The tests need $command: install the package(s) $* and run this again." >&2
  echo "0 passed, 1 failed"
  exit 2
}

has() { [[ " ${suites[*]} " == *" $1 "* ]]; }

add() { # add NAME EXIT PASSED FAILED: to the sum; a runner that failed without a failed test counts as one
  local p=${3:-0} f=${4:-0}
  if [ "$p" -eq 0 ] || { [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; }; then f=$((f + 1)); echo "== $1 did not run to its end" >&2; fi
  passed=$((passed + p)) failed=$((failed + f))
  grep -E -A 4 --no-group-separator '^ *(failed|FAIL|×|✘|✗) ' "$log" | sed -E "s/^ *(failed|FAIL|×|✘|✗) /$1: \1 /" | cut -c 1-500 >>"$failures"
}

total() { # total WORD: of the last summary of a .NET runner
  sed -n "s/^ *$1: \([0-9]*\)$/\1/p" "$log" | tail -1
}

dotnet_suite() { # dotnet_suite NAME [ARGUMENT...]
  dotnet test --project "tests/$1" -c "$configuration" --no-build "${@:2}" 2>&1 | tee "$log"
  local code=${PIPESTATUS[0]} p f
  p=$(total succeeded) f=$(total failed)
  if [ -n "${SECOND_LOOK:-}" ] && [ "${p:-0}" -gt 0 ] && [ "${f:-0}" -gt 0 ]; then
    look_again "$1" "$p" "$f"
    return
  fi
  add "$1" "$code" "$p" "$f"
}

# With SECOND_LOOK the classes of failed tests run once more: a machine that stood still for seconds fails whatever is about seconds. What passes
# only then counts as passed and is listed at the end as flaky, which is a defect to be looked into.
look_again() { # look_again SUITE PASSED FAILED
  local first again
  first=$(mktemp) again=()
  grep -E '^failed ' "$log" | tee "$first" | sed -E 's/^failed ([A-Za-z0-9_.]+)\..*$/\1/' | sort -u >"$first.classes"
  mapfile -t again <"$first.classes"
  echo "== $1: a second look at ${again[*]}"
  dotnet test --project "tests/$1" -c "$configuration" --no-build --filter-class "${again[@]}" 2>&1 | tee "$log"
  local f
  f=$(total failed)
  [ -n "$(total succeeded)" ] || f=$3
  [ "$f" -gt 0 ] || sed "s/^failed /$1: /" "$first" >>"$flaky"
  add "$1" "$f" "$(($2 + $3 - f))" "$f"
  rm -f "$first" "$first.classes"
}

npm_suite() { # npm_suite NAME FOLDER: installs what the build of the page has not, and runs the folder's own script
  (cd "$2" && { [ -e node_modules/.installed ] || npm ci --silent; } && NO_COLOR=1 npm run --silent ci) 2>&1 | tee "$log"
  local code=${PIPESTATUS[0]}
  sed -n "s/^flaky /$1: /p" "$log" >>"$flaky"
  add "$1" "$code" "$(sum passed)" "$(sum failed)"
}

# The stack's ports may be reachable from inside the engine's own network only: IN_ENGINE runs a command there.
compose_suite() {
  docker info >/dev/null 2>&1 || { echo "== Compose is skipped: no Docker engine answers"; return; }
  [ -n "${IMAGES_ARE_BUILT:-}" ] || docker compose build --quiet || { failed=$((failed + 1)); return; }
  docker images --format '== image {{.Repository}}:{{.Tag}} {{.Size}}' --filter reference='connections/*'
  local in_engine
  read -ra in_engine <<<"${IN_ENGINE:-}"
  local looks=1 code
  [ -z "${SECOND_LOOK:-}" ] || looks=2
  for look in $(seq "$looks"); do
    [ "$look" = 1 ] || { echo "== Compose: a second look"; grep -E '^failed ' "$log" | sed 's/^failed /Compose: /' >"$log.first"; }
    ${in_engine[@]+"${in_engine[@]}"} dotnet test --project tests/Compose -c "$configuration" --no-build 2>&1 | tee "$log"
    code=${PIPESTATUS[0]}
    [ "$code" -ne 0 ] || break
  done
  [ "$code" -ne 0 ] || [ ! -e "$log.first" ] || cat "$log.first" >>"$flaky"
  rm -f "$log.first"
  add Compose "$code" "$(total succeeded)" "$(total failed)"
}

sum() { # sum WORD: of the runners' own totals, which stand on lines of their own or after "Tests"
  sed -nE "s/^ *(Tests .*[^0-9]|Sizes +)?([0-9]+) $1( .*)?$/\2/p" "$log" | awk '{ s += $1 } END { print s + 0 }'
}

need redis-server redis-server
need curl curl
if ! command -v npm >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  echo "The page and the browser client need Node 20 or newer, with npm: install it and run this again." >&2
  echo "0 passed, 1 failed"
  exit 2
fi
if has Browser; then
  need "${CHROMIUM:-chromium}" chromium fonts-dejavu-core
  need "${FIREFOX:-firefox-esr}" firefox-esr
  need WebKitWebDriver webkit2gtk-driver
  need xvfb-run xvfb xauth
fi
need promtool prometheus
if has Faults; then
  need ip iproute2
  need prlimit util-linux
fi
# Debian starts a server with the package; the tests start their own.
dotnet build Connections.sln -c "$configuration" -v quiet -nologo || { echo "0 passed, 1 failed"; exit 1; }

# The client libraries of others that tests/Cluster and tests/WebFront start.
(cd tests/WaysIn && npm ci --silent) || { echo "The Node clients of tests/WaysIn could not be installed." >&2; echo "0 passed, 1 failed"; exit 1; }

for suite in "${suites[@]}"; do
  echo "== $suite"
  case $suite in
    Client) npm_suite Client clients/typescript ;;
    Browser) npm_suite Browser tests/Browser ;;
    Compose) compose_suite ;;
    Faults) # the short run of the matrix and a soak of five minutes, or what FAULTS, KILLS and SOAK ask for
      # With 1,000 users: the tabs and their backend are one process, which for 2,000 takes more than half of two slow cores. By itself the soak has 2,000.
      [ -n "${FAULTS:-}${KILLS:-}${SOAK:-}" ] || export SOAK=5 SOAK_USERS="${SOAK_USERS:-1000}"
      classes=('*TheMatrix')
      [ -z "${KILLS:-}" ] || classes+=('*TheKills')
      [ -z "${SOAK:-}" ] || classes+=('*TheSoak')
      dotnet_suite Faults --filter-class "${classes[@]}"
      cat "tests/Faults/bin/$configuration/net10.0/matrix.md"
      [ -z "${SOAK:-}" ] || cat "tests/Faults/bin/$configuration/net10.0/soak.md"
      ;;
    *) dotnet_suite "$suite" ;;
  esac
done

if [ -s "$failures" ]; then
  echo "== failed"
  cat "$failures"
fi
if [ -s "$flaky" ]; then
  echo "== flaky: failed, and passed at a second look"
  cat "$flaky"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
