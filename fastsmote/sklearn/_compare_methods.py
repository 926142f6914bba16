"""Which methods are compared: samplers by name or as functions, each with each ratio that it can take."""

import inspect
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeAlias

import fastsmote
from fastsmote._core.check import is_number
from fastsmote._sampling.registry import SAMPLERS
from fastsmote._sampling.shares import Prior, Share

Ratio: TypeAlias = float | Share | Prior
NONE, WEIGHTS, BAGGING = "none", "class_weight", "balanced_bagging"
_OWN = (NONE, WEIGHTS, BAGGING)  # that are no samplers
# what takes a ratio: cleaners and these two, which leave as many rows as there are reasons to
_BY_REASON = ("condensed_nearest_neighbour", "one_sided_selection")
DEFAULT = (
    NONE, WEIGHTS, "random_over_sample", "smote", "borderline_smote", "adasyn", "random_under_sample",
    "near_miss", "tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule", "smote_tomek",
    "smote_enn", BAGGING,
)  # fmt: skip


class Method(NamedTuple):
    """One way to treat the training rows."""

    label: str
    sampler: Any  # a name, a function of (X, y), or an object with fit_resample
    ratio: Ratio | None = None


def read_methods(samplers: Any, ratios: Any) -> list[Method]:
    """The methods in the order given, "none" first."""
    named = _named(DEFAULT if samplers is None else samplers)
    values = _read_ratios(ratios)
    methods = [Method(NONE, NONE)]
    for label, sampler in named:
        if sampler == NONE:
            continue
        if values and _takes_ratio(sampler):
            methods += [Method(f"{label} {_shown(value)}", sampler, value) for value in values]
        else:
            methods.append(Method(label, sampler))
    labels = [method.label for method in methods]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(
            f"samplers must have different names. Got {', '.join(twice)} more than once; pass a dict from "
            "names to samplers."
        )
    return methods


def _named(samplers: Any) -> list[tuple[str, Any]]:
    if isinstance(samplers, str) or callable(samplers) or hasattr(samplers, "fit_resample"):
        samplers = [samplers]
    if isinstance(samplers, Mapping):
        return [(str(name), _read(sampler)) for name, sampler in samplers.items()]
    if not isinstance(samplers, Iterable):
        raise TypeError(
            "samplers must be names, functions of (X, y), objects with fit_resample, or a dict from names to "
            f"these. Got {samplers!r}."
        )
    read = [_read(sampler) for sampler in samplers]
    return [(sampler if isinstance(sampler, str) else _name_of(sampler), sampler) for sampler in read]


def _read(sampler: Any) -> Any:
    """A sampler as it is called: by name where it is one of fastsmote."""
    if isinstance(sampler, str):
        name = sampler.strip().lower().replace("-", "_")
        if name in SAMPLERS or name in _OWN:
            return name
        close = get_close_matches(name, [*_OWN, *SAMPLERS], 1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise ValueError(
            f"samplers must be names among {', '.join([*_OWN, *SAMPLERS])}, functions of (X, y) or objects "
            f"with fit_resample. Got {sampler!r}.{hint}"
        )
    if isinstance(sampler, type) or not (callable(sampler) or hasattr(sampler, "fit_resample")):
        raise TypeError(
            "samplers must be names, functions of (X, y), or objects with fit_resample, not classes. Got "
            f"{sampler!r}."
        )
    name = getattr(sampler, "__name__", "")
    return name if name in SAMPLERS and getattr(fastsmote, name) is sampler else sampler


def _name_of(sampler: Any) -> str:
    function = getattr(sampler, "func", sampler)  # of a partial
    return str(getattr(function, "__name__", type(function).__name__))


def _read_ratios(ratios: Any) -> list[Ratio]:
    if ratios is None:
        return []
    values = list(ratios) if isinstance(ratios, Iterable) and not isinstance(ratios, str) else [ratios]
    wrong = [
        one for one in values if not (isinstance(one, Share | Prior) or (is_number(one) and 0 < one <= 1))
    ]
    if wrong or not values:
        raise ValueError(
            "ratios must be numbers in (0, 1], rows of the smaller class over those of the larger after "
            f"resampling, or fastsmote.Share or Prior. Got {wrong[0] if wrong else values!r}."
        )
    return [one if isinstance(one, Share | Prior) else float(one) for one in values]


def _takes_ratio(sampler: Any) -> bool:
    if not isinstance(sampler, str):
        return False
    return sampler == BAGGING or (
        sampler in SAMPLERS and SAMPLERS[sampler].kind != "clean" and sampler not in _BY_REASON
    )


def _shown(ratio: Ratio) -> str:
    if isinstance(ratio, Prior):
        return f"prior {ratio.share}"
    return f"share {ratio.share:g}" if isinstance(ratio, Share) else f"{ratio:g}"


def takes_seed(function: Any) -> bool:
    """Whether a function has a ``random_state``."""
    return "random_state" in inspect.signature(function).parameters
