"""Proofs that a log only grew: a Merkle tree over its commits (RFC 6962), and signed checkpoints (C2SP)."""
