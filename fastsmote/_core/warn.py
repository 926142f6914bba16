"""Warnings that point at the line of the user that called fastsmote, however deep they arise."""

import sys
import warnings


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """A warning at the nearest line outside the package."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == "fastsmote":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
