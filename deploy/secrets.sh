#!/usr/bin/env bash
# Makes the secrets that docker-compose.yml hands to the services as files, unless they are there. Keep deploy/secrets out of any backup
# that others can read; it is in .gitignore.
set -euo pipefail
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
for name in redis-password signing-key grafana-password; do
  [ -s "secrets/$name" ] && continue
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"secrets/$name"
  echo "made deploy/secrets/$name"
done
# The services run as users of their own, who must be able to read what Compose mounts; the folder keeps other users of this machine out.
chmod 700 secrets
chmod 644 secrets/*
