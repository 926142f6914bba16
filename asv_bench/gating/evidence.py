"""What the rounds say of one comparison, and how often that is wrong.

A round gives the logarithm of head over base. The decision reads only on which side of a bound each round
lies, so it asks nothing of the noise but that rounds are independent: no shape, no symmetry, no equal
spread. One round that was disturbed, or a machine that slows down, is one round.

If the median ratio is at most 1 + tolerance, each round lies above it with a chance of at most one half. So
"loss" is said when, after n rounds, at most ``allowed(alpha, limit)[n - 1]`` of them lie below, where these
numbers are such that a fair coin would get there, at any of the looks that are taken after every round up to
the limit, with a chance of at most alpha. That chance is counted exactly.

* ``ALARM`` is for a whole gate: alpha is ALARM over the number of all comparisons (time and memory of every
  fast benchmark, also of those that were left out by ``--only``). A gate says "loss" of anything whose median
  ratio is within the tolerance at most once in 100 times, and of equal commits, which lie in the middle of
  the tolerance, more seldom.
* ``OUTSIDE`` is for one comparison: the interval that is shown, which is looked at as often, leaves the
  median ratio out at most once in 20 times, and "same" is said when it lies within the tolerance.

So the first "same" comes after 7 rounds, the first "loss" of 30 benchmarks after 14.
"""

import math
from collections.abc import Sequence
from functools import cache

ALARM = 0.01
OUTSIDE = 0.05
LIMIT = 60  # rounds


@cache
def allowed(alpha: float, limit: int) -> tuple[int, ...]:
    """How many of n rounds may contradict, for n = 1 .. limit; -1 where even none is not enough.

    Of alpha, a share that grows as the root of n / limit may be used up by round n: used up at once, noisy
    benchmarks find nothing later; in proportion, the first decision comes later.
    """
    chances = [1.0]  # that k rounds contradict, and nothing was decided
    used, most = 0.0, []
    for n in range(1, limit + 1):
        chances = [(a + b) / 2 for a, b in zip([*chances, 0.0], [0.0, *chances], strict=True)]
        k = -1
        while k + 1 < n and used + chances[k + 1] <= alpha * math.sqrt(n / limit):
            k += 1
            used += chances[k]
            chances[k] = 0.0
        most.append(k)
    return tuple(most)


def bounds(logs: Sequence[float], alpha: float, limit: int) -> tuple[float, float]:
    """Below and above the median; each of the two is wrong with a chance of alpha."""
    k = allowed(alpha, limit)[len(logs) - 1] if logs else -1
    if k < 0:
        return -math.inf, math.inf
    ordered = sorted(logs)
    return ordered[k], ordered[-1 - k]


def interval(logs: Sequence[float], limit: int) -> tuple[float, float]:
    """The interval that is shown, of the ratio."""
    low, high = bounds(logs, OUTSIDE / 2, limit)
    return math.exp(low), math.exp(high)


def verdict(logs: Sequence[float], tolerance: float, n_comparisons: int, limit: int) -> str | None:
    """``loss``, ``gain``, ``same``, or None where more rounds are needed."""
    edge = math.log1p(tolerance)
    low, high = bounds(logs, ALARM / n_comparisons, limit)
    if low > edge:
        return "loss"
    if high < -edge:
        return "gain"
    low, high = bounds(logs, OUTSIDE / 2, limit)
    return "same" if -edge < low and high < edge else None


def fewest_rounds(n_comparisons: int) -> int:
    """The smallest limit with which a loss can be found."""
    alpha = ALARM / n_comparisons
    return next(limit for limit in range(1, LIMIT + 1) if allowed(alpha, limit)[-1] >= 0)
