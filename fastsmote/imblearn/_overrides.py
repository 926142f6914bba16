"""Subclasses of the drop-in classes that override a method of imbalanced-learn's class.

The engine calls none of these methods, so such a subclass runs in imbalanced-learn's class, which calls them.
"""

from typing import Any

from fastsmote._core.typing import RowIds
from fastsmote.imblearn._accelerated import Accelerated

_FIRST = {"_check_X_y", "_fit_resample"}  # called before any work, but for common arrays
_CALLED = {*_FIRST, "_more_tags", "fit", "fit_resample"}  # whatever runs


def overridden(kind: type) -> set[str]:
    """Methods of imbalanced-learn that a class overrides after the drop-in class that it inherits from."""
    drop_in = next(base for base in kind.__mro__ if base.__module__.startswith("fastsmote."))
    names: set[str] = set()
    if kind is not drop_in:
        for base in kind.__mro__:
            if base.__module__.startswith("imblearn."):
                names.update(name for name in vars(base) if not name.startswith("__"))
    changed = {name for name in names if getattr(kind, name) is not getattr(drop_in, name)}
    return {name for name in changed if callable(getattr(kind, name))}


class RespectsOverrides(Accelerated):
    """``Accelerated`` that leaves a subclass to imbalanced-learn where it overrides what the engine does."""

    @property
    def _takes_arrays(self) -> bool:  # type: ignore[override]
        return not _FIRST & overridden(type(self))

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        """None where a subclass makes rows of its own."""
        return None if "_fit_resample" in overridden(type(self)) else super()._find_rows(y, n_resampled)

    def _why_overridden(self: Any) -> str | None:
        """Why the engine would ignore what a subclass does."""
        names = sorted(overridden(type(self)) - _CALLED)
        return f"a subclass overrides {names[0]}" if names else None
