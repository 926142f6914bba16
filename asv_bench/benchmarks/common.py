"""Sizes and data that the benchmarks share."""

import functools
import os

import fastsmote

FEATURES = [8, 30]
FRAUD_RATES = [0.00173, 0.01, 0.1]
_SKIP_SLOW = os.environ.get("ASV_SKIP_SLOW", "0") not in ("", "0")


def sizes(*rows):
    """The numbers of rows to run: up to 100,000 with ASV_SKIP_SLOW."""
    return [n for n in rows if n <= 100_000 or not _SKIP_SLOW]


ROWS = sizes(10_000, 100_000, 1_000_000)


@functools.lru_cache(maxsize=2)
def fraud(rows, features, rate=0.00173):
    """Made outside what is measured; kept, because each repetition of a benchmark asks again."""
    return fastsmote.make_fraud(rows, features, fraud_rate=rate, random_state=0)
