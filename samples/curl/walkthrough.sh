#!/usr/bin/env bash
# A walk through the gateway with nothing but curl. Start one first, such as: dotnet run --project Standalone
#   samples/curl/walkthrough.sh [http://localhost:5000] [alice]
# Ends with 0 when every step answered as it says here.
set -euo pipefail
gateway=${1:-http://localhost:5000} user=${2:-alice}
gateway=${gateway%/}

say() { printf '\n== %s\n' "$1"; }
ask() { curl -sS --max-time 20 "$@"; echo; }
expect() { # expect TEXT WHAT: the step's answer has to hold the text
  if grep -q -- "$1" <<<"$2"; then echo "$2"; else printf 'expected %s in:\n%s\n' "$1" "$2" >&2; exit 1; fi
}

say "How does my connection stand? (the user comes from a token; ?user= is for Development)"
expect '"upstream"' "$(ask "$gateway/connection?user=$user")"

say "Send a message. Its id is my client id and a number that counts from 1"
client=curl-$$
expect "\"id\":\"$client:1\"" "$(ask -X POST -H 'Content-Type: application/json' -d "{\"id\":\"$client:1\",\"text\":\"hello\"}" "$gateway/messages?user=$user")"

say "Read events until the first frame. Every id is a position"
# head ends curl: that is no error.
events=$(curl -sN --max-time 20 "$gateway/sse?user=$user" | sed '/^event: frame/,/^$/!b; /^$/q' || true)
expect 'event: frame' "$events"
position=$(sed -n 's/^id: //p' <<<"$events" | tail -1)

say "Come back with Last-Event-ID: exactly what came after $position, and \"recovered\": true"
expect '"recovered":true' "$(curl -sN --max-time 20 -H "Last-Event-ID: $position" "$gateway/sse?user=$user" | sed '/^data: /q' || true)"

say "A position of another log is refused, and the gap says so"
expect 'epoch-changed' "$(curl -sN --max-time 20 -H 'Last-Event-ID: 0123456789abcdef-7' "$gateway/sse?user=$user" | sed '/^data: /q' || true)"

say "The backend's API through the gateway"
expect 'hello' "$(ask "$gateway/api/hello?user=$user")"

say "The breakers of the API's routes"
expect '"state":"closed"' "$(ask "$gateway/breakers?user=$user")"

say "GraphQL, by POST"
expect '"data"' "$(ask -X POST -H 'Content-Type: application/json' -d '{"query":"{ connection { upstream tabs } breakers { name state } }"}' "$gateway/graphql?user=$user")"

say "What an operator sees of me (policy admin; open in Development)"
expect '"silo"' "$(ask "$gateway/admin/users/$user?user=$user")"

say "Hold the API's breaker open: 503, and when to come again"
name=$(ask "$gateway/breakers?user=$user" | sed 's/.*"name":"\([^"]*\)".*/\1/')
ask -X POST -H 'Content-Type: application/json' -d '{"reason":"a walk"}' "$gateway/admin/breakers/$name/force-open?user=$user" >/dev/null
expect '503' "$(ask -i "$gateway/api/hello?user=$user")"
expect '"state":"closed"' "$(ask -X POST "$gateway/admin/breakers/$name/reset?user=$user")"

say "Done"
