#!/usr/bin/env bash
# Prints the bill of materials as CycloneDX JSON: every package of every lock file, NuGet's and npm's, with its hash and who asks for it.
#   eng/sbom.sh >connections.cdx.json
# From the lock files alone: it needs Node and no network, and says what a restore takes to the byte. tests/Door checks that nothing is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
exec node eng/sbom.mjs
