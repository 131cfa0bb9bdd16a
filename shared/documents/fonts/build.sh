#!/bin/sh
# Converts the pages' typeface into the form that typst reads: the same tables, no longer compressed (WOFF 1.0 §4-5). Run it
# after a change of the version below, look at the documents, commit the result: other fonts give other bytes, so it is
# also a new renderer (shared/documents/renderer.py). Node is needed here only: never at run time.
# The letters that names need beyond French get a family of their own, « More »: typst takes one file for a family.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent @fontsource/atkinson-hyperlegible-next@5.3.0 >/dev/null && tar -xzf ./*.tgz)
cp "$work/package/LICENSE" "$here/atkinson-hyperlegible-next.txt"
python3 - "$work/package/files/atkinson-hyperlegible-next" "$here" <<'PY'
import struct, sys, zlib
from pathlib import Path


def padded(table):
    return table + bytes(-len(table) % 4)


def unpacked(woff, rename):
    signature, flavor, _, count = struct.unpack(">4sIIH", woff[:14])
    assert signature == b"wOFF"
    start, directory, body = 12 + 16 * count, b"", b""
    for number in range(count):
        tag, offset, size, length, checksum = struct.unpack_from(">4sIIII", woff, 44 + 20 * number)
        table = woff[offset : offset + size]
        table = zlib.decompress(table) if size < length else table
        if tag == b"name" and rename:  # as long as before, so nothing else moves
            table = table.replace("Hyperlegible Next".encode("utf-16-be"), "Hyperlegible More".encode("utf-16-be"))
            checksum = sum(struct.unpack(f">{len(padded(table)) // 4}I", padded(table))) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += padded(table)
    power = 1 << (count.bit_length() - 1)
    search = struct.pack(">HHH", power * 16, power.bit_length() - 1, (count - power) * 16)
    return struct.pack(">IH", flavor, count) + search + directory + body


files, here = sys.argv[1:]
for weight in (400, 700):
    for part, name in (("latin", ""), ("latin-ext", "more-")):
        woff = Path(f"{files}-{part}-{weight}-normal.woff").read_bytes()
        Path(here, f"atkinson-{name}{weight}.ttf").write_bytes(unpacked(woff, bool(name)))
PY
