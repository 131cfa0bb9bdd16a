"""What a forger may do to an export; he makes hashes, proofs and the manifest fit as far as he can."""

import base64
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.event_store import chain
from shared.proofs import merkle, verify
from shared.proofs.checkpoints import Checkpoint, sign
from shared.proofs.witness import FileWitness
from tests.shared.proofs.signed_log import KEY, MINE, ORIGIN, Parts, lines, put_lines

THIEF = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))


def in_commits(change: Callable[[list[Any]], None]) -> Callable[[Parts], None]:
    return _part("commits.jsonl", change)


def _part(name: str, change: Callable[[list[Any]], None]) -> Callable[[Parts], None]:
    def forge(parts: Parts) -> None:
        values = lines(parts, name)
        change(values)
        put_lines(parts, name, values)

    return forge


def _actor(commits: list[Any]) -> None:
    commits[0]["meta"]["actor"] = "another"


def value(commits: list[Any]) -> None:
    commits[0]["ev"][0]["data"]["amount"] = 10**6


def _ciphertext(commits: list[Any]) -> None:
    commits[0]["ev"][0]["pii"] = {"label": {"k": "other", "c": "AAAA"}}


def _time(commits: list[Any]) -> None:
    commits[0]["at"] = "2020-01-01T00:00:00.000Z"


def _left_out(commits: list[Any]) -> None:
    del commits[1]


def _tail_left_out(commits: list[Any]) -> None:
    del commits[-1]


def _doubled(commits: list[Any]) -> None:
    commits.append(dict(commits[0]))


def _foreign(commits: list[Any]) -> None:
    commits.append(commits[0] | {"_id": 2})


def _swapped(commits: list[Any]) -> None:
    commits[0]["ev"], commits[1]["ev"] = commits[1]["ev"], commits[0]["ev"]


def _events_reordered(commits: list[Any]) -> None:
    commits[0]["ev"].reverse()


def _more_parts(commits: list[Any]) -> None:
    commits[0]["note"] = "approved"


def _hash(commits: list[Any]) -> None:
    commits[0]["h"] = commits[1]["h"]


def _head_time(heads: list[Any]) -> None:
    heads[3][4] = "2020-01-01T00:00:00.000Z"


def _head_stream(heads: list[Any]) -> None:
    heads[0][1] = "box:other"


def _head_left_out(heads: list[Any]) -> None:
    del heads[6]


def _heads_cut(heads: list[Any]) -> None:
    del heads[-1]


def _heads_swapped(heads: list[Any]) -> None:
    heads[2][1], heads[3][1] = heads[3][1], heads[2][1]


def _head_inserted(heads: list[Any]) -> None:
    heads.append([14, MINE, 7, 1, heads[-1][4], heads[-1][5]])


def _rewritten(parts: Parts) -> None:
    """Everything is computed anew around a changed value, but nobody has the key."""
    heads, commits = lines(parts, "heads.jsonl"), lines(parts, "commits.jsonl")
    value(commits)
    known = {commit["_id"]: commit for commit in commits}
    before, frontier, nodes = bytes(32), merkle.Frontier(), {}
    for head in heads:
        commit = known.get(head[0])
        if commit:
            head[5] = _b64(chain.body_digest(commit)[0])
            commit["ph"] = _b64(before)
        fields = dict(zip(chain.HEAD_FIELDS, head, strict=False))
        before = verify.sha256(before + verify.sha256(verify.canonical(fields)) + verify.unb64(head[5]))
        if commit:
            commit["h"] = _b64(before)
        nodes |= {(level, index): value for level, index, value in frontier.append(merkle.leaf_hash(before))}
    paths = {
        position: merkle.inclusion_proof(position - 1, len(heads), lambda *name: nodes[name]) for position in known
    }
    parts["proofs.json"] = json.dumps({key: [_b64(step) for step in path] for key, path in paths.items()}).encode()
    put_lines(parts, "heads.jsonl", heads)
    put_lines(parts, "commits.jsonl", commits)
    parts["root"] = frontier.root()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _rewritten_without_the_key(parts: Parts) -> None:
    _rewritten(parts)
    del parts["root"]


def rewritten_with_the_key(parts: Parts) -> None:
    _resigned(parts, KEY)


def rewritten_by_a_thief(parts: Parts) -> None:
    _resigned(parts, THIEF)
    manifest = json.loads(parts["manifest.json"])
    manifest["key"] = THIEF.public_key().public_bytes_raw().hex()
    parts["manifest.json"] = json.dumps(manifest).encode()


def _resigned(parts: Parts, key: Ed25519PrivateKey) -> None:
    _rewritten(parts)
    checkpoint = Checkpoint(ORIGIN, 13, parts.pop("root"), chain.GENESIS.at)
    parts["checkpoints.txt"] = (sign(checkpoint, key) + FileWitness.END).encode()


def _two_of_one_size(parts: Parts) -> None:
    parts["checkpoints.txt"] += (
        sign(Checkpoint(ORIGIN, 5, bytes(32), chain.GENESIS.at), KEY) + FileWitness.END
    ).encode()


def _another_logs_checkpoint(parts: Parts) -> None:
    other = Checkpoint("mon-compte-en-ligne/other", 13, bytes(32), chain.GENESIS.at)
    parts["checkpoints.txt"] += (sign(other, KEY) + FileWitness.END).encode()


def _no_checkpoint(parts: Parts) -> None:
    parts["checkpoints.txt"] = b""


def _checkpoint_cut(parts: Parts) -> None:
    parts["checkpoints.txt"] = parts["checkpoints.txt"][:-9]


def _proof(parts: Parts) -> None:
    proofs = json.loads(parts["proofs.json"])
    proofs["1"][0] = _b64(bytes(32))
    parts["proofs.json"] = json.dumps(proofs).encode()


def _no_proof(parts: Parts) -> None:
    parts["proofs.json"] = b"{}"


def another_part(parts: Parts) -> None:
    parts["note.txt"] = b"approved"


FORGERIES = [
    *(
        in_commits(one)
        for one in (
            _actor,
            value,
            _ciphertext,
            _time,
            _left_out,
            _tail_left_out,
            _doubled,
            _foreign,
            _swapped,
            _events_reordered,
            _more_parts,
            _hash,
        )
    ),
    *(
        _part("heads.jsonl", one)
        for one in (_head_time, _head_stream, _head_left_out, _heads_cut, _heads_swapped, _head_inserted)
    ),
    _rewritten_without_the_key,
    rewritten_with_the_key,
    rewritten_by_a_thief,
    _two_of_one_size,
    _another_logs_checkpoint,
    _no_checkpoint,
    _checkpoint_cut,
    _proof,
    _no_proof,
]
