"""Methods of imbalanced-learn's classes that a subclass of ours has of its own.

Compiled work calls none of them, so such a subclass runs in imbalanced-learn's class, which does.
"""

from typing import Any

from fastsmote.imblearn._common import Accelerated

_FIRST = {"_check_X_y", "_fit_resample"}  # called before any work, but for common arrays
_CALLED = {*_FIRST, "_more_tags", "fit", "fit_resample"}  # whatever runs


def overridden(kind: type) -> set[str]:
    """Methods of imbalanced-learn that a class has otherwise than the class of ours that it inherits from."""
    ours = next(base for base in kind.__mro__ if base.__module__.startswith("fastsmote."))
    names: set[str] = set()
    if kind is not ours:
        for base in kind.__mro__:
            if base.__module__.startswith("imblearn."):
                names.update(name for name in vars(base) if not name.startswith("__"))
    changed = {name for name in names if getattr(kind, name) is not getattr(ours, name)}
    return {name for name in changed if callable(getattr(kind, name))}


class Hooked(Accelerated):
    """``Compiled`` that sees what a subclass overrides."""

    @property
    def _takes_arrays(self) -> bool:  # type: ignore[override]
        return not _FIRST & overridden(type(self))

    def _bypassed(self: Any) -> str | None:
        """Why compiled work would ignore a subclass."""
        names = sorted(overridden(type(self)) - _CALLED)
        return f"a subclass overrides {names[0]}" if names else None
