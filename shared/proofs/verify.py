#!/usr/bin/env python3
"""Verify an export of a log: python3 verify.py EXPORT.zip --key FINGERPRINT [--witness FILE].

Python's standard library alone, and nothing of the system that made the export: read it, then run it. It trusts no key
that comes with the export: FINGERPRINT (SHA-256 of the public key, hexadecimal) must have reached you another way, and
the witness file (checkpoints that were kept elsewhere) too.

It finds: a changed value, ciphertext, actor or time; a commit that was removed (also at the end), inserted, doubled,
swapped; events in another order; a log that was rewritten with new hashes; an older backup put back; two checkpoints
that contradict each other; another key. It cannot find: what is younger than the last checkpoint that somebody else
holds, or what was never written. Exit code: 0 nothing found, 1 something found, 2 it could not be read.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMAT = 1
NOTE_END = "\n--\n"
NOTE = re.compile(r"(\S+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]+)\n(?:[^\n]+\n)*\n((?:— [^\n]+\n)+)")


# -- Ed25519 (RFC 8032 §5.1), verification only

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - the RFC's own names
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def times(scalar: int, point: Point) -> Point:
    """A point added to itself `scalar` times."""
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decode(data: bytes) -> Point | None:
    """The point that 32 bytes stand for, None where they stand for none (RFC 8032 §5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def encode(point: Point) -> bytes:
    """The 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature over `message` was made with the private half of `key`."""
    if len(key) != 32 or len(signature) != 64:  # noqa: PLR2004 - the sizes of RFC 8032
        return False
    point, s = decode(key), int.from_bytes(signature[32:], "little")
    if point is None or s >= L or BASE is None:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    negative: Point = (P - point[0], point[1], 1, P - point[3])
    return encode(add(times(s, BASE), times(k, negative))) == signature[:32]


# -- The log: canonical JSON, the chain of commits, the tree over them (RFC 6962 §2.1)


def sha256(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def unb64(text: str) -> bytes:
    """Bytes from base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8: the form that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Tree:
    """The root of a growing tree, from one full node for each bit of its size."""

    def __init__(self) -> None:
        """An empty tree."""
        self.size = 0
        self.nodes: list[bytes] = []

    def append(self, entry: bytes) -> None:
        """Add an entry."""
        node, level = sha256(b"\x00" + entry), 0
        while self.size >> level & 1:
            node, level = sha256(b"\x01" + self.nodes.pop() + node), level + 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over what was added."""
        if not self.nodes:
            return sha256(b"")
        *rest, root = self.nodes
        for node in reversed(rest):
            root = sha256(b"\x01" + node + root)
        return root


def root_from(index: int, size: int, entry: bytes, path: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162 §2.1.3.2); None where its length is wrong."""
    at, last, node = index, size - 1, sha256(b"\x00" + entry)
    for step in path:
        if not last:
            return None
        if at & 1 or at == last:
            node = sha256(b"\x01" + step + node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + step)
        at, last = at >> 1, last >> 1
    return None if last else node


# -- What is verified


class Unreadable(Exception):  # noqa: N818 - said as it is
    """This is no export."""


class Verification:
    """One export, and all that was found wrong with it."""

    def __init__(self, export: zipfile.ZipFile, fingerprint: str, witness: str | None) -> None:
        """`witness` is the text of the witness file, None where there is none."""
        self.export = export
        self.fingerprint = fingerprint.lower().replace(":", "")
        self.witness = witness
        self.found: list[str] = []
        self.roots: dict[int, bytes] = {}
        self.read: dict[str, tuple[int, bytes] | None] = {}
        self.size = 0
        self.events = 0
        self.manifest = self.object_of("manifest.json")
        self.origin = str(self.manifest["origin"])
        self.key = bytes.fromhex(self.manifest["key"])

    def run(self) -> None:
        """Check everything; what is wrong stands in `found`."""
        if sha256(self.key).hex() != self.fingerprint:
            self.found.append("the export was signed with another key than the one you named")
            return
        self.check_members()
        own = self.checkpoints("export", self.text_of("checkpoints.txt"))
        self.size = max(own, default=0)
        seen = self.checkpoints("witness", self.witness) if self.witness is not None else []
        if seen and max(seen) > self.size:
            self.found.append(f"the witness holds a checkpoint of {max(seen)} commits, the export ends at {self.size}")
        if not own:
            self.found.append("the export holds no checkpoint")
        self.check_log()

    def check_members(self) -> None:
        """Every part is as the manifest says, and there is no other."""
        listed = {str(name): str(digest) for name, digest in self.manifest["members"].items()}
        if sorted(self.export.namelist()) != sorted([*listed, "manifest.json"]):
            self.found.append("the export has other parts than its manifest lists")
        for name, digest in listed.items():
            if name in self.export.namelist() and self.digest_of(name) != digest:
                self.found.append(f"{name} is not the file that the manifest lists")

    def checkpoints(self, where: str, text: str) -> list[int]:
        """The sizes of the signed checkpoints in a text; their roots are remembered, and must not contradict."""
        sizes = []
        *notes, rest = text.split(NOTE_END)
        if rest.strip() and where == "export":
            self.found.append("the last checkpoint of the export is cut short")
        for number, note in enumerate(notes, 1):
            if note not in self.read:  # most stand in the export and with the witness
                self.read[note] = self.checkpoint(note)
            read = self.read[note]
            if read is None:
                self.found.append(f"checkpoint {number} of the {where} is not signed by this key for this log")
                continue
            size, root = read
            sizes.append(size)
            if self.roots.setdefault(size, root) != root:
                self.found.append(f"two checkpoints of {size} commits contradict each other")
        return sizes

    def checkpoint(self, note: str) -> tuple[int, bytes] | None:
        """Size and root of a note that this key signed for this log."""
        found = NOTE.fullmatch(note)
        if found is None or found[1] != self.origin:
            return None
        text = note[: note.index("\n\n") + 1]
        key_id = sha256(self.origin.encode() + b"\n\x01" + self.key)[:4]
        try:
            root = base64.b64decode(found[3], validate=True)
            blobs = [base64.b64decode(line.rsplit(" ", 1)[1], validate=True) for line in found[4].splitlines()]
        except ValueError:
            return None
        holds = any(blob[:4] == key_id and signature_holds(self.key, text.encode(), blob[4:]) for blob in blobs)
        return (int(found[2]), root) if holds and len(root) == len(key_id) * 8 else None

    def check_log(self) -> None:
        """The heads make the roots that were signed; the commits of the named streams are all there, and whole."""
        streams = set(self.manifest["streams"])
        commits = self.commits_by_position()
        proofs = {int(position): path for position, path in self.object_of("proofs.json").items()}
        tree, before, time, versions = Tree(), bytes(32), "", dict.fromkeys(streams, 0)
        for position, stream, first, count, at, body in self.lines_of("heads.jsonl"):
            here = f"commit {tree.size + 1}"
            if position != tree.size + 1:
                self.found.append(f"{here} is missing, or not in its place")
                return
            if at < time:
                self.found.append(f"{here}: time runs backwards")
            head = {"_id": position, "s": stream, "v0": first, "n": count, "at": at}
            chained = sha256(before + sha256(canonical(head)) + unb64(body))
            if stream in streams:
                self.check_versions(here, versions, stream, first, count)
                self.check_commit(here, head, body, before, chained, commits.pop(position, None))
                self.check_proof(here, position, chained, proofs.get(position))
            before, time = chained, at
            tree.append(before)
            if tree.size in self.roots and tree.root() != self.roots[tree.size]:
                self.found.append(f"the first {tree.size} commits are not those that were signed")
        if tree.size != self.size:
            self.found.append(f"{self.size} commits were signed, the export has {tree.size}")
        self.found += [f"commit {position} is in the export, and not in the log" for position in commits]

    def check_versions(self, here: str, versions: dict[str, int], stream: str, first: int, count: int) -> None:
        """The versions of a stream follow one another."""
        if count and first != versions[stream] + 1:
            self.found.append(f"{here}: version {versions[stream] + 1} of its stream is missing or doubled")
        versions[stream] += count
        self.events += count

    def check_commit(
        self, here: str, head: dict[str, Any], body: str, before: bytes, chained: bytes, commit: dict[str, Any] | None
    ) -> None:
        """A commit is the one whose head and body were hashed."""
        if commit is None:
            self.found.append(f"{here} belongs to the exported streams, and was left out")
            return
        if {name: commit.get(name) for name in head} != head:
            self.found.append(f"{here}: its head was changed")
        if sha256(canonical({name: commit.get(name) for name in ("cmd", "fp", "ev", "meta")})) != unb64(body):
            self.found.append(f"{here}: its content was changed")
        if unb64(commit["ph"]) != before or unb64(commit["h"]) != chained:
            self.found.append(f"{here}: its hashes are not those of the chain")
        if set(commit) != {*head, "cmd", "fp", "ev", "meta", "ph", "h"} or len(commit["ev"]) != head["n"]:
            self.found.append(f"{here}: it has other parts than a commit")

    def check_proof(self, here: str, position: int, chained: bytes, path: list[str] | None) -> None:
        """The inclusion proof leads to the root of the newest checkpoint."""
        root = self.roots.get(self.size)
        if path is None or root_from(position - 1, self.size, chained, [unb64(step) for step in path]) != root:
            self.found.append(f"{here}: its proof does not lead to the signed root")

    def commits_by_position(self) -> dict[int, dict[str, Any]]:
        """The exported commits; one that comes twice is found here."""
        commits: dict[int, dict[str, Any]] = {}
        for commit in self.lines_of("commits.jsonl"):
            if commits.setdefault(commit["_id"], commit) is not commit:
                self.found.append(f"commit {commit['_id']} is in the export twice")
        return commits

    def lines_of(self, name: str) -> Iterator[Any]:
        """The JSON lines of a part."""
        with self.export.open(name) as file:
            for line in file:
                yield json.loads(line)

    def text_of(self, name: str) -> str:
        """A part as text."""
        return self.export.read(name).decode()

    def object_of(self, name: str) -> dict[str, Any]:
        """A part as a JSON object."""
        found: dict[str, Any] = json.loads(self.export.read(name))
        return found

    def digest_of(self, name: str) -> str:
        """SHA-256 of a part, in hexadecimal."""
        digest = hashlib.sha256()
        with self.export.open(name) as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


def verify(export: Path, fingerprint: str, witness: Path | None) -> Verification:
    """Verify one file.

    Raises:
        Unreadable: it has not the form of an export.
    """
    try:
        seen = witness.read_text(encoding="utf-8") if witness else None
        with zipfile.ZipFile(export) as opened:
            verification = Verification(opened, fingerprint, seen)
            if verification.manifest["format"] != FORMAT:
                raise Unreadable(f"format {verification.manifest['format']}")
            verification.run()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    return verification


def main() -> int:
    """The command line; the exit code."""
    about, _, limits = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=about, epilog=limits, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--key", required=True, metavar="FINGERPRINT", help="of the key that signs this log")
    parser.add_argument("--witness", type=Path, metavar="FILE", help="checkpoints that were kept elsewhere")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    wanted = parser.parse_args()
    try:
        done = verify(wanted.export, wanted.key, wanted.witness)
    except Unreadable as error:
        print(f"this is no export that can be read: {error}", file=sys.stderr)
        return 2
    report(done, as_json=wanted.json)
    return 1 if done.found else 0


def report(done: Verification, *, as_json: bool) -> None:
    """Say what was found, and what could not be."""
    if as_json:
        facts = {"log": done.origin, "commits": done.size, "events": done.events, "witness": done.witness is not None}
        print(json.dumps({**facts, "found": done.found}, indent=2))
        return
    for line in done.found:
        print(f"FOUND  {line}")
    print(f"log {done.origin}: {done.size} commits, {done.events} events of the exported streams")
    print("RESULT nothing found" if not done.found else f"RESULT {len(done.found)} found")
    if done.witness is None:
        print("Without a witness, a log rewritten and signed anew by the holder of the key cannot be told.")
    print("What is younger than the last checkpoint that somebody else holds cannot be told.")


if __name__ == "__main__":
    sys.exit(main())
