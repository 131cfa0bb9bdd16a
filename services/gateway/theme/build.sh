#!/bin/sh
# Builds the vendored part of services/gateway/static from npm packages. Run it after a change of site.scss or of a
# version in package.json, look at the pages, commit the result. Node is needed here only: never at run time.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
static="$here/../static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$work/"
(cd "$work" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent)
modules="$work/node_modules"
kit="$modules/govuk-frontend"
font="$modules/@fontsource/atkinson-hyperlegible-next"

mkdir -p "$static/fonts" "$static/licences"
"$modules/.bin/sass" --style=compressed --no-source-map --load-path="$kit/dist" "$here/site.scss" "$static/site.css"
sed '/^\/\/# sourceMappingURL=/d; s/\/\/# sourceMappingURL=.*$//' "$kit/dist/govuk/govuk-frontend.min.js" >"$static/govuk-frontend.js"
for weight in 400 700; do
  cp "$font/files/atkinson-hyperlegible-next-latin-$weight-normal.woff2" "$static/fonts/atkinson-$weight.woff2"
done
cp "$font/LICENSE" "$static/licences/atkinson-hyperlegible-next.txt"
cp "$here/govuk-frontend.licence.txt" "$static/licences/govuk-frontend.txt"
leaflet="$modules/leaflet"
sed '/^\/\/# sourceMappingURL=/d' "$leaflet/dist/leaflet.js" >"$static/leaflet.js"
# its sheet without its pictures: ours are drawn
python3 - "$leaflet/dist/leaflet.css" "$here/places.css" >"$static/places.css" <<'SHEETS'
import re, sys
leaflet, own = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
leaflet = re.sub(r"/\*.*?\*/", "", leaflet, flags=re.S)
sys.stdout.write(re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "", leaflet) + own)
SHEETS
cp "$leaflet/LICENSE" "$static/licences/leaflet.txt"
