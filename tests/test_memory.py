"""Memory stays the same however much comes: what the router remembers of words has a limit, with the shipped knowledge too."""

from __future__ import annotations

import pickle
import random
import sys

from catalog_route import Router

WORDS = 1_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_memory_is_bounded_however_many_words_nobody_has_seen_before(router: Router) -> None:
    """Twenty-five thousand new words fill what is remembered; ten thousand more hardly add anything."""
    draw = random.Random(1)
    fresh: Router = pickle.loads(pickle.dumps(router))

    def blocks(texts: int) -> int:
        for _ in range(texts):
            fresh.decide(" ".join("".join(draw.choices(LETTERS, k=draw.randint(4, 10))) for _ in range(WORDS)))
        return sys.getallocatedblocks()

    first, full, more = blocks(1), blocks(24), blocks(10)
    assert full > first
    assert more - full < 60_000, (first, full, more)  # without limits some 150,000
