"""What an event store must do, as cases: each is given a fresh store and its clock, and asserts.

The MongoDB store and the in-memory one pass the same cases, so that a fast test on the second means something.
"""

from shared.testing.store_cases import appends, claims, commands, reads

CASES = (*appends.CASES, *commands.CASES, *claims.CASES, *reads.CASES)
