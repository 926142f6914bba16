"""What to do where the smallest class has a larger share than is asked for: the calls, with their numbers."""

import math
from fractions import Fraction

from fastsmote._core.labels import Labels

_MOST_SHOWN = 10  # classes of a call


def how_to_lower(labels: Labels, share: Fraction, adds: bool) -> str:
    """Two ways to a smaller share of the smallest class, of which the first keeps every value of X."""
    counts, names = labels.counts, labels.classes.tolist()
    smallest = int(counts.argmin())
    largest = max((code for code in range(len(counts)) if code != smallest), key=counts.__getitem__)
    others = int(counts.sum() - counts[smallest])
    fewer = math.ceil(share / (1 - share) * others)
    more = int(counts[largest]) + math.floor((1 - share) / share * int(counts[smallest])) - others
    keep, add = (f"sampling_strategy={pair!r}" for pair in ({names[smallest]: fewer}, {names[largest]: more}))
    if adds:
        return (
            f"Over-samplers only raise it. To lower it, keep fewer rows of class {names[smallest]!r}, "
            f"random_under_sample with {keep}, or add rows of class {names[largest]!r}, {add}."
        )
    return (
        f"A Share only raises it. To lower it, keep fewer rows of class {names[smallest]!r}, {keep}, "
        f"or add rows of class {names[largest]!r}, random_over_sample with {add}."
    )


def fewer_rows(labels: Labels, final: dict[int, int], sampler: str = "") -> str:
    """The way to a smaller ratio: rows that are left of each code of ``final``."""
    names = labels.classes.tolist()
    counts = {names[code]: count for code, count in final.items()}
    call = f"sampling_strategy={counts!r}" if len(counts) <= _MOST_SHOWN else "their counts"
    return (
        f"To lower it, keep fewer rows of the smaller classes{f', {sampler}' if sampler else ''} with {call}."
    )
