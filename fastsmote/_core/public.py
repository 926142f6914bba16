"""Where users find what a private room defines, and what they read who write a keyword that is not there."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

_T = TypeVar("_T", bound=Callable[..., Any])

_OLD_KEYWORDS = {  # of imbalanced-learn, of today or of old: (what to write here, the keyword that it takes)
    "ratio": ("sampling_strategy", "sampling_strategy"),
    "k": ("k_neighbors", "k_neighbors"),
    "m": ("m_neighbors", "m_neighbors"),
    "n_neighbors": ("k_neighbors", "k_neighbors"),
    "k_neighbors": ("n_neighbors", "n_neighbors"),
    "size_ngh": ("n_neighbors", "n_neighbors"),
    "kind": ("kind_sel", "kind_sel"),
    "ver": ("version", "version"),
    "kmeans_estimator": ("clusters", "clusters"),
    "estimator": ("probabilities, which takes a classifier", "probabilities"),
    "svm_estimator": ("support, which takes a classifier", "support"),
    "seed": ("random_state", "random_state"),
    "return_indices": ("a function of its own: fastsmote.select gives row numbers", "n_jobs"),
}


def public(home: str) -> Callable[[_T], _T]:
    """Name the public module that exports a class or function, as in ``@public("fastsmote.plan")``.

    ``home`` becomes its ``__module__``: pickles and ``help`` name it, not the room that holds the code.
    """

    def set_home(item: _T) -> _T:
        item.__module__ = home
        return item

    return set_home


def sampler(function: _T) -> _T:
    """A function whose error for a wrong keyword says which one is meant, old names included.

    Where it is given what is not in memory, the error says which function takes it.
    """

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except TypeError as error:
            hint = _hint(function, keywords)
            if hint:
                raise TypeError(f"{error}. {hint}") from None
            way = _way(function, (*args, *keywords.values()))
            if way:
                raise TypeError(f"{error} Or call {way}.") from None
            raise

    return cast(_T, call)


def _hint(function: Callable[..., Any], keywords: dict[str, Any]) -> str:
    known = inspect.signature(function).parameters
    for name in keywords:
        if name in known:
            continue
        advice, keyword = _OLD_KEYWORDS.get(name, ("", ""))
        if keyword in known:
            return f"{name} is {advice} here."
        import difflib  # takes longer than most calls

        close = difflib.get_close_matches(name, known, n=1)
        return f"Did you mean {close[0]}?" if close else f"It takes {', '.join(known)}."
    return ""


def _way(function: Callable[..., Any], given: Iterable[Any]) -> str:
    """The call that takes what the function was given, where this is not in memory."""
    from fastsmote._core.foreign import elsewhere  # NumPy, which importing the top level does not load

    home = function.__module__.split(".")[1]
    name = f"{home}.{function.__name__}" if home in ("plan", "select") else function.__name__
    return next(filter(None, (elsewhere(name, one) for one in given)), "")
