"""Chance that is the same every time, on every machine: drawn from what a thing is called."""

from hashlib import blake2b


def draw(*what: object) -> int:
    """A number below 2**64 that depends on ``what`` alone."""
    return int.from_bytes(blake2b("/".join(map(str, what)).encode(), digest_size=8).digest())


def share(*what: object) -> float:
    """A number from 0 up to 1 that depends on ``what`` alone."""
    return draw(*what) / 2**64
