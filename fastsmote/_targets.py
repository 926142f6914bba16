"""``sampling_strategy`` to counts per class, with imbalanced-learn's forms, arithmetic and ties.

The majority (minority) is the first class, in sorted order, among those with the largest (smallest) count.
"""

import numbers
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NoReturn

import numpy as np

from fastsmote._check import Labels
from fastsmote._telling import tell

_NAMES = ("auto", "minority", "majority", "not minority", "not majority", "all")


def over_targets(strategy: Any, labels: Labels, y: Any) -> np.ndarray:
    """New rows per class, int64 of shape (n_classes,).

    "auto" is "not majority"; named forms bring their classes to the largest count; a float alpha in
    (0, 1] (two classes) gives ``int(n_majority * alpha - n_minority)`` rows; a dict holds final counts;
    a callable takes ``y`` as given and returns such a dict.
    """
    counts = labels.counts
    strategy = _called(strategy, y)
    new = np.zeros(len(counts), np.int64)
    if isinstance(strategy, str):
        _check_name(strategy, [name for name in _NAMES if name != "majority"], "over-sampler")
        chosen = _named(strategy if strategy != "auto" else "not majority", counts)
        new[chosen] = counts.max() - counts[chosen]
    elif isinstance(strategy, Mapping):
        for code, wanted in _items(strategy, labels):
            if wanted < counts[code]:
                _raise_count("over-sampling", "greater", labels, code, wanted)
            new[code] = wanted - counts[code]
    elif _is_number(strategy):
        ratio = _ratio(strategy, labels)
        majority = int(counts.argmax())
        asked = int(counts[majority] * ratio - counts[1 - majority])
        if asked <= 0:
            raise ValueError(
                "The specified ratio required to remove samples from the minority class while trying to "
                f"generate new samples. Please increase the ratio: sampling_strategy={strategy!r} of "
                f"{counts[majority]} majority rows adds nothing to the {counts[1 - majority]} minority rows."
            )
        new[1 - majority] = asked
    else:
        _raise_form(strategy, "over-samplers", "a float in (0, 1], a string, a dict or a callable")
    return new


def under_targets(strategy: Any, labels: Labels, y: Any) -> np.ndarray:
    """Final rows per class, int64 of shape (n_classes,); classes not targeted keep their count.

    "auto" is "not minority"; named forms bring their classes to the smallest count; a float alpha in
    (0, 1] (two classes) keeps ``int(n_minority / alpha)`` majority rows; a dict holds final counts;
    a callable takes ``y`` as given and returns such a dict.
    """
    counts = labels.counts
    strategy = _called(strategy, y)
    final = counts.astype(np.int64)
    if isinstance(strategy, str):
        _check_name(strategy, [name for name in _NAMES if name != "minority"], "under-sampler")
        final[_named(strategy if strategy != "auto" else "not minority", counts)] = counts.min()
    elif isinstance(strategy, Mapping):
        for code, wanted in _items(strategy, labels):
            if wanted > counts[code]:
                _raise_count("under-sampling", "less", labels, code, wanted)
            final[code] = wanted
    elif _is_number(strategy):
        ratio = _ratio(strategy, labels)
        minority = int(counts.argmin())
        kept = int(counts[minority] / ratio)
        if kept > counts[1 - minority]:
            raise ValueError(
                "The specified ratio required to generate new sample in the majority class while trying to "
                f"remove samples. Please increase the ratio: sampling_strategy={strategy!r} asks for {kept} "
                f"majority rows and there are {counts[1 - minority]}."
            )
        final[1 - minority] = kept
    else:
        _raise_form(strategy, "under-samplers", "a float in (0, 1], a string, a dict or a callable")
    if not final.all():
        names = labels.classes[final == 0].tolist()
        tell(f"sampling_strategy asks for 0 rows of {names}: nothing of them is left.")
    return final


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
        _check_name(strategy, [name for name in _NAMES if name != "minority"], "clean-sampler")
        chosen[_named(strategy if strategy != "auto" else "not minority", labels.counts)] = True
    elif isinstance(strategy, list | tuple) or (called and isinstance(strategy, Mapping)):
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


def _check_name(strategy: str, allowed: list[str], what: str) -> None:
    if strategy in allowed:
        return
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


def shown(classes: list[Any]) -> str:
    return repr(classes) if len(classes) <= 10 else f"{classes[:10]!r} and {len(classes) - 10} more"


def _items(strategy: Mapping[Any, Any], labels: Labels) -> list[tuple[int, int]]:
    """(code, final count) of a dict's items, checked."""
    codes = _codes(list(strategy), labels)
    for key, wanted in strategy.items():
        if not isinstance(wanted, numbers.Integral) or isinstance(wanted, bool):
            raise TypeError(
                f"sampling_strategy must hold an integer for each class. Got {wanted!r} for class {key!r}."
            )
        if wanted < 0:
            raise ValueError(
                "The number of samples in a class cannot be negative. 'sampling_strategy' contains "
                f"{wanted} for class {key!r}."
            )
    return [(code, int(wanted)) for code, wanted in zip(codes, strategy.values(), strict=True)]


def _ratio(strategy: Any, labels: Labels) -> float:
    ratio = float(strategy)
    if not 0 < ratio <= 1:
        raise ValueError(
            "When 'sampling_strategy' is a float, it should be in the range (0, 1]. "
            f"Got {strategy!r} instead."
        )
    if len(labels.counts) != 2:
        raise ValueError(
            '"sampling_strategy" can be a float only when the type of target is binary. For multi-class, use '
            f"a dict. Got {strategy!r} for {len(labels.counts)} classes."
        )
    return ratio
