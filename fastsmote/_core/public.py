"""Where users find what a private room defines."""

from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T", bound=Callable[..., Any])


def public(home: str) -> Callable[[_T], _T]:
    """Name the public module that exports a class or function, as in ``@public("fastsmote.plan")``.

    ``home`` becomes its ``__module__``: pickles and ``help`` name it, not the room that holds the code.
    """

    def set_home(item: _T) -> _T:
        item.__module__ = home
        return item

    return set_home
