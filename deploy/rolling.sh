#!/usr/bin/env bash
# Replaces the containers of a service one after the other: stops one in order, puts a new one in its place, and goes on when that is healthy.
#   deploy/rolling.sh silo && deploy/rolling.sh webfront
set -euo pipefail
cd "$(dirname "$0")/.."
service=${1:?which service, such as silo}
old=$(docker compose ps -q "$service")
count=$(wc -w <<<"$old")
for container in $old; do
  docker stop "$container" >/dev/null   # with the grace period that docker-compose.yml gives it
  docker rm "$container" >/dev/null
  docker compose up -d --no-deps --no-recreate --no-build --wait --scale "$service=$count" "$service" >/dev/null
  echo "$service: replaced ${container:0:12}"
done
