"""``sampling_strategy`` to counts per class, with imbalanced-learn's forms, arithmetic and ties.

The majority (minority) is the first class, in sorted order, among those with the largest (smallest) count.
"""

from __future__ import annotations

import math
import numbers
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NoReturn, TypeAlias

import numpy as np

from fastsmote._core.labels import Labels, shown
from fastsmote._core.warn import warn_user
from fastsmote._sampling.lower_share import fewer_rows, how_to_lower
from fastsmote._sampling.shares import Prior, Share

_NAMES = ("auto", "minority", "majority", "not minority", "not majority", "all")
_COUNTED = "a float in (0, 1], a Share, a Prior, a string, a dict or a callable"
_MOST = 2**62  # rows of a class
_ROUNDED = Fraction(1, 10**9)  # how far shares of all classes may be from 1


_Names = Literal["auto", "not minority", "not majority", "all"]
_Counted: TypeAlias = float | Share | Prior | Mapping[Any, int] | Callable[[Any], Mapping[Any, int]]
OverStrategy: TypeAlias = _Names | Literal["minority"] | _Counted
UnderStrategy: TypeAlias = _Names | Literal["majority"] | _Counted
CleanStrategy: TypeAlias = _Names | Literal["majority"] | Sequence[Any] | Callable[[Any], Any]
MinCount: TypeAlias = int | Literal["balanced"] | None  # rows that each class keeps at least


def over_targets(strategy: Any, labels: Labels, y: Any) -> np.ndarray:
    """New rows per class, int64 of shape (n_classes,).

    "auto" is "not majority"; named forms bring their classes to the largest count; a float alpha in
    (0, 1] brings every other class to ``floor(n_majority * alpha)`` rows, where it has fewer, in exact
    arithmetic; a Share brings the smallest class to at least that share of all rows; a Prior grows classes
    until it holds; a dict holds final counts; a callable takes ``y`` as given and returns such a dict.
    """
    counts = labels.counts
    strategy = _called(strategy, y)
    new = np.zeros(len(counts), np.int64)
    if isinstance(strategy, str):
        _check_name(strategy, "majority", "over-sampler")
        new = _up_to_largest(strategy, counts)
    elif isinstance(strategy, Mapping):
        _check_some(strategy, labels, {counts.argmin(): counts.max()})
        for code, wanted in _items(strategy, labels):
            if wanted < counts[code]:
                _raise_count("over-sampling", "greater", labels, code, wanted)
            new[code] = wanted - counts[code]
    elif _is_number(strategy):
        smaller = _named("not majority", counts)
        wanted = _largest_share(int(counts.max()), _ratio(strategy))
        new[smaller] = np.maximum(wanted - counts[smaller], 0)
        if wanted < counts[smaller].min():
            raise ValueError(
                "The specified ratio required to remove samples from the minority class while trying to "
                f"generate new samples. Please increase the ratio: sampling_strategy={strategy!r} of the "
                f"{counts.max()} rows of the largest class is {wanted}, and every other class has more. "
                + fewer_rows(labels, dict.fromkeys(smaller.tolist(), max(wanted, 1)), "random_under_sample")
            )
    elif isinstance(strategy, Share):
        minority = int(counts.argmin())
        needed = _rows_for(strategy.share, int(counts.sum() - counts[minority]))
        if needed < counts[minority]:
            raise ValueError(
                f"sampling_strategy={strategy!r} is less than the share that the smallest class has already, "
                f"{counts[minority]} of {counts.sum()} rows. "
                + how_to_lower(labels, Fraction(str(strategy.share)), adds=True)
            )
        new[minority] = needed - counts[minority]
    elif isinstance(strategy, Prior):
        new = _with_prior(strategy, labels, max) - counts
    else:
        _raise_form(strategy, "over-samplers", _COUNTED)
    return new


def _up_to_largest(strategy: str, counts: np.ndarray) -> np.ndarray:
    """New rows per class where a named form brings its classes to the largest count."""
    new: np.ndarray = np.maximum.reduce(counts) - counts  # 0 for the majority, whether it is named or not
    if strategy in ("minority", "not minority"):
        new[_named("not minority" if strategy == "minority" else "minority", counts)] = 0
    return new


def under_targets(strategy: Any, labels: Labels, y: Any) -> np.ndarray:
    """Final rows per class, int64 of shape (n_classes,); classes not targeted keep their count.

    "auto" is "not minority"; named forms bring their classes to the smallest count; a float alpha in
    (0, 1] keeps ``floor(n_minority / alpha)`` rows of a class at most, in exact arithmetic; a Share cuts the
    largest classes to one size, so that the smallest has at least that share of all rows; a Prior cuts
    classes until it holds; a dict holds final counts; a callable takes ``y`` as given and returns such a
    dict.
    """
    counts = labels.counts
    strategy = _called(strategy, y)
    final = counts.astype(np.int64)
    if isinstance(strategy, str):
        _check_name(strategy, "minority", "under-sampler")
        final[_named(strategy if strategy != "auto" else "not minority", counts)] = counts.min()
    elif isinstance(strategy, Mapping):
        _check_some(strategy, labels, {counts.argmax(): counts.min()})
        for code, wanted in _items(strategy, labels):
            if wanted > counts[code]:
                _raise_count("under-sampling", "less", labels, code, wanted)
            final[code] = wanted
    elif _is_number(strategy):
        ratio = _ratio(strategy)
        kept = _largest_whole(int(counts.min()), ratio)
        if kept > counts.max():
            raise ValueError(
                "The specified ratio required to generate new sample in the majority class while trying to "
                f"remove samples. Please increase the ratio: sampling_strategy={strategy!r} asks for {kept} "
                f"rows and the largest class has {counts.max()}. "
                + fewer_rows(labels, {int(counts.argmin()): max(1, _largest_share(int(counts.max()), ratio))})
            )
        final = np.minimum(final, kept)
    elif isinstance(strategy, Share):
        final = _cut_to(strategy, labels)
    elif isinstance(strategy, Prior):
        final = _with_prior(strategy, labels, min)
    else:
        _raise_form(strategy, "under-samplers", _COUNTED)
    if not final.all():
        names = labels.classes[final == 0].tolist()
        warn_user(f"sampling_strategy asks for 0 rows of {shown(names)}: nothing of them is left.")
    return final


def _cut_to(strategy: Share, labels: Labels) -> np.ndarray:
    """Final rows per class where the largest classes are cut to one size."""
    counts = labels.counts
    minority = int(counts.argmin())
    others = np.delete(counts, minority)
    allowed = _others_for(strategy.share, int(counts[minority]))
    if allowed > others.sum():
        raise ValueError(
            f"sampling_strategy={strategy!r} is less than the share that the smallest class has already, "
            f"{counts[minority]} of {counts.sum()} rows. "
            + how_to_lower(labels, Fraction(str(strategy.share)), adds=False)
        )
    most = bisect_right(
        range(int(others.max())), allowed, key=lambda cap: int(np.minimum(others, cap + 1).sum())
    )
    return np.where(np.arange(len(counts)) == minority, counts, np.minimum(counts, most))


def _with_prior(prior: Prior, labels: Labels, end: Callable[[Any], Fraction]) -> np.ndarray:
    """Rows per class with these shares, each to the nearest: all of the class that ``end`` picks stay."""
    counts, parts = labels.counts.tolist(), _parts(prior, labels)
    total = end(count / part for count, part in zip(counts, parts, strict=True))
    final = [round(total * part) for part in parts]
    for label, count, wanted in zip(labels.classes.tolist(), counts, final, strict=True):
        if not 0 < wanted < _MOST:
            raise ValueError(
                f"sampling_strategy={prior!r} asks for {wanted} rows of class {label!r}, which has {count}. "
                "Pass shares nearer to those that there are."
            )
    return np.array(final, np.int64)


def _parts(prior: Prior, labels: Labels) -> list[Fraction]:
    """The share of each class: classes that are not named keep their proportions among each other."""
    counts = labels.counts.tolist()
    if isinstance(prior.share, Mapping):
        codes = _codes(list(prior.share), labels)
        named = dict(zip(codes, (Fraction(str(share)) for share in prior.share.values()), strict=True))
    else:
        smallest = [code for code, count in enumerate(counts) if count == min(counts)]
        if len(smallest) > 1:
            label = labels.classes.tolist()[smallest[-1]]
            raise ValueError(
                f"sampling_strategy={prior!r} is the share of the smallest class, and {len(smallest)} "
                f"classes have {min(counts)} rows. Name one, such as Prior({{{label!r}: {prior.share!r}}})."
            )
        named = {smallest[0]: Fraction(str(prior.share))}
    left = 1 - sum(named.values(), Fraction(0))
    rest = sum(count for code, count in enumerate(counts) if code not in named)
    if rest and left <= 0:
        raise ValueError(
            f"sampling_strategy={prior!r} leaves nothing to the classes that it does not name. Its shares "
            "must add up to less than 1, or name every class."
        )
    if not rest and abs(left) > _ROUNDED:
        raise ValueError(
            f"sampling_strategy={prior!r} names every class, and its shares add up to {float(1 - left):g}. "
            "They must add up to 1; or leave out the class that gets the rest."
        )
    return [
        named[code] / (1 if rest else 1 - left) if code in named else left * n / rest
        for code, n in enumerate(counts)
    ]


def clean_targets(strategy: Any, labels: Labels, y: Any) -> np.ndarray:
    """Which classes a cleaner may take rows from, bool of shape (n_classes,).

    "auto" is "not minority"; a list holds the classes; a callable takes ``y`` as given and returns a list
    of classes, or a dict whose keys are the classes.
    """
    called = callable(strategy)
    strategy = _called(strategy, y)
    strategy = strategy.tolist() if isinstance(strategy, np.ndarray) else strategy
    allowed = "a string, a list of classes or a callable"
    chosen = np.zeros(len(labels.counts), bool)
    if isinstance(strategy, str):
        _check_name(strategy, "minority", "clean-sampler")
        chosen[_named(strategy if strategy != "auto" else "not minority", labels.counts)] = True
    elif isinstance(strategy, list | tuple) or (called and isinstance(strategy, Mapping)):
        if not strategy:
            raise ValueError(
                "sampling_strategy names no class. It lists the classes that rows may be removed from, such "
                f"as {[labels.classes.tolist()[labels.counts.argmax()]]!r}. Got {strategy!r}."
            )
        chosen[_codes(list(strategy), labels)] = True
    elif isinstance(strategy, Mapping):
        raise ValueError(
            "'sampling_strategy' as a dict for cleaning methods is not supported. Please give a list of the "
            f"classes to be targeted by the sampling. Got {strategy!r}."
        )
    elif _is_number(strategy):
        raise ValueError(
            "'clean-sampling' methods do not let the user specify the sampling ratio. sampling_strategy must "
            f"be {allowed}. Got {strategy!r}."
        )
    else:
        _raise_form(strategy, "cleaning methods", allowed)
    return chosen


def _raise_count(kind: str, side: str, labels: Labels, code: int, wanted: int) -> NoReturn:
    raise ValueError(
        f"With {kind} methods, the number of samples in a class should be {side} or equal to the "
        f"original number of samples. Originally, there is {labels.counts[code]} samples and {wanted} "
        f"samples are asked for class {labels.classes.tolist()[code]!r}. The values of sampling_strategy are "
        "final counts."
    )


def _called(strategy: Any, y: Any) -> Any:
    if not callable(strategy):
        return strategy
    function: Callable[[Any], Any] = strategy
    result = function(y)
    if not isinstance(result, Mapping | list | tuple | np.ndarray):
        raise TypeError(
            "A callable sampling_strategy must return a dict of counts (or, for cleaning methods, a list of "
            f"classes). Got {result!r}."
        )
    return result


def _is_number(strategy: Any) -> bool:
    return isinstance(strategy, numbers.Real) and not isinstance(strategy, bool)


def _raise_form(strategy: Any, what: str, allowed: str) -> NoReturn:
    if isinstance(strategy, list | tuple):
        raise ValueError(
            "'sampling_strategy' cannot be a list for samplers which are not cleaning methods. Pass "
            f"{allowed}. Got {strategy!r}."
        )
    raise TypeError(
        f"sampling_strategy must be {allowed} for {what}. Got {strategy!r} of type {type(strategy).__name__}."
    )


def _check_name(strategy: str, refused: str, what: str) -> None:
    if strategy in _NAMES and strategy != refused:
        return
    allowed = [name for name in _NAMES if name != refused]
    if strategy in _NAMES:
        raise ValueError(
            f"'sampling_strategy'={strategy!r} cannot be used with {what}. Use one of {allowed}."
        )
    raise ValueError(
        f"When 'sampling_strategy' is a string, it needs to be one of {allowed}. Got {strategy!r} instead."
    )


def _named(strategy: str, counts: np.ndarray) -> np.ndarray:
    """Codes of the classes that a name stands for."""
    codes = np.arange(len(counts))
    if strategy == "all":
        return codes
    special = counts.argmin() if strategy.endswith("minority") else counts.argmax()
    return codes[codes != special] if strategy.startswith("not ") else codes[codes == special]


def _codes(keys: list[Any], labels: Labels) -> list[int]:
    code_of = {label: code for code, label in enumerate(labels.classes.tolist())}
    unknown = [key for key in keys if not isinstance(key, Hashable) or key not in code_of]
    if unknown:
        raise ValueError(
            f"The {unknown} target class is/are not present in the data. sampling_strategy may name "
            f"{shown(list(code_of))}."
        )
    return [code_of[key] for key in keys]


def _check_some(strategy: Mapping[Any, Any], labels: Labels, example: dict[Any, Any]) -> None:
    """A mapping must name a class; ``example`` holds a code and a count."""
    if not strategy:
        names = labels.classes.tolist()
        shown_example = {names[code]: int(count) for code, count in example.items()}
        raise ValueError(
            "sampling_strategy names no class. A mapping names each class that changes and the rows that it "
            f"has afterwards, such as {shown_example!r}. Got {strategy!r}."
        )


def _items(strategy: Mapping[Any, Any], labels: Labels) -> list[tuple[int, int]]:
    """(code, final count) of a dict's items, checked."""
    codes = _codes(list(strategy), labels)
    for key, wanted in strategy.items():
        if not isinstance(wanted, numbers.Integral) or isinstance(wanted, bool):
            raise TypeError(
                f"sampling_strategy must hold an integer for each class. Got {wanted!r} for class {key!r}."
            )
        if int(wanted) >= _MOST:
            raise ValueError(
                f"sampling_strategy must hold counts below 2**62. Got {wanted} for class {key!r}."
            )
        if wanted < 0:
            raise ValueError(
                "The number of samples in a class cannot be negative. 'sampling_strategy' contains "
                f"{wanted} for class {key!r}."
            )
    return [(code, int(wanted)) for code, wanted in zip(codes, strategy.values(), strict=True)]


# A float stands for every number that is rounded to it: 0.29 for 29 / 100, and 7 / 9 for seven ninths. So the
# quotient of two counts, rounded once, equals the ratio wherever it may; products with the ratio need not.


def _largest_share(whole: int, ratio: float) -> int:
    """The largest count with ``count / whole <= ratio``."""
    count = int(whole * ratio) + 1
    while count / whole > ratio:
        count -= 1
    return count


def _largest_whole(part: int, ratio: float) -> int:
    """The largest count, up to 2**62, with ``part / count >= ratio``."""
    count = int(min(part / ratio, 2.0**62)) + 1
    while part / count < ratio:
        count -= 1
    return count


def _rows_for(share: Any, others: int) -> int:
    """The fewest rows that have a share beside so many others."""
    exact = Fraction(str(share))
    count = math.ceil(exact / (1 - exact) * others)
    return count - ((count - 1) / (count - 1 + others) == float(share))


def _others_for(share: Any, rows: int) -> int:
    """The most others beside which so many rows have a share."""
    exact = Fraction(str(share))
    count = math.floor((1 - exact) / exact * rows)
    return count + (rows / (rows + count + 1) == float(share))


def _ratio(strategy: Any) -> float:
    # a narrow float is the number that it is written as
    ratio = float(str(strategy)) if isinstance(strategy, np.floating) else float(strategy)
    if not 0 < ratio <= 1:
        raise ValueError(
            "When 'sampling_strategy' is a float, it should be in the range (0, 1]. "
            f"Got {strategy!r} instead."
        )
    return ratio
