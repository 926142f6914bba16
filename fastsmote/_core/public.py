"""Where users find what a private room defines, and what they read who write a keyword that is not there."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from fastsmote._core.crew import Crew

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

    Where it is given what is not in memory, the error says which function takes it, as of ``in_memory``.
    """

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            with Crew():
                return function(*args, **keywords)
        except TypeError as error:
            hint = _hint(function, keywords)
            if hint:
                raise TypeError(f"{error}. {hint}") from None
            _raise_with_way(error, function, args, keywords)
            raise

    return cast(_T, call)


def in_memory(function: _T) -> _T:
    """A function of rows in memory: where it is given others, the error says which function takes these."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            with Crew():
                return function(*args, **keywords)
        except TypeError as error:
            _raise_with_way(error, function, args, keywords)
            raise

    return cast(_T, call)


def one_call(function: _T) -> _T:
    """A public function, whose jobs share their threads."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        with Crew():
            return function(*args, **keywords)

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


def _raise_with_way(
    error: TypeError, function: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    """The error again, with the call that takes what the function refuses; none where there is no such call.

    It refuses an object that holds no rows yet, or the call misses what goes without saying where the labels
    are in a frame.
    """
    from fastsmote._core.foreign import elsewhere, unread  # NumPy, which the top level does not load

    home = function.__module__.split(".")[1]
    if home == "dask":
        return
    name = f"{home}.{function.__name__}" if home in ("plan", "select") else function.__qualname__
    refused = unread(error)
    way = elsewhere(name, *refused) if refused else _way_of_call(name, function, args, keywords)
    if way:
        stop = "" if str(error).endswith(".") else "."
        raise TypeError(f"{error}{stop} Or call {way}.") from None


def _way_of_call(
    name: str, function: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]
) -> str:
    """The call that takes the data of one that is none, as "smote(frame)" is; "" where it is one."""
    from fastsmote._core.foreign import elsewhere

    signature = inspect.signature(function)
    try:
        signature.bind(*args, **keywords)
    except TypeError:
        given = signature.bind_partial(*args[:1]).arguments | keywords
        return next(filter(None, (elsewhere(name, *item) for item in given.items())), "")
    return ""
