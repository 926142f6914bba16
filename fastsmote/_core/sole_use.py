"""Objects that one thread at a time may use: streams count into memory of their own, without waiting.

A second user is told at once, since waiting would hide that threads take turns where each should have a
stream of its own. Objects that only read need none of this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

_T = TypeVar("_T")
_P = ParamSpec("_P")
_R = TypeVar("_R")

_users: dict[int, object] = {}  # by identity of what is in use; setdefault is atomic, so there is no lock


@contextmanager
def sole_use(*objects: object) -> Iterator[None]:
    """Nobody else uses these meanwhile; RuntimeError where somebody does, and then nothing was touched."""
    me = object()
    try:
        for one in objects:
            if _users.setdefault(id(one), me) is not me:
                raise RuntimeError(
                    f"A {type(one).__name__} is for one thread at a time. Got a second call while another is "
                    "under way: give each thread one of its own, and merge them at the end."
                )
        yield
    finally:
        for one in objects:
            if _users.get(id(one)) is me:
                del _users[id(one)]


def alone(method: Callable[Concatenate[_T, _P], _R]) -> Callable[Concatenate[_T, _P], _R]:
    """A method that has the object to itself."""

    @wraps(method)
    def guarded(self: _T, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with sole_use(self):
            return method(self, *args, **kwargs)

    return guarded
