"""Warnings that point at the line of the user that called fastsmote, however deep they arise."""

import sys
import warnings
from types import FrameType


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """A warning at the nearest line outside the package, and outside of what loads its modules."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and _package_of(frame) in ("fastsmote", "importlib", "_frozen_importlib"):
        frame = frame.f_back
        level += not frame.f_code.co_filename.startswith("<frozen importlib")  # warn does not count these
    warnings.warn(message, category, stacklevel=level)


def _package_of(frame: FrameType) -> str:
    return frame.f_globals.get("__name__", "").split(".")[0]
