"""Packages that come with an extra: where one is missing, the error says which extra brings it.

Rooms import no adapter. Where a user leaves out what only a classifier can give, :func:`adapter` loads the
one that fits it, when it is asked for.
"""

import importlib
from types import ModuleType

_TITLES = {"imblearn": "imbalanced-learn", "sklearn": "scikit-learn"}


def require(extra: str, what: str, *packages: str) -> None:
    """Import what ``what`` needs; ModuleNotFoundError that names the extra of the first that is missing."""
    for package in packages:
        try:
            importlib.import_module(package)
        except ModuleNotFoundError as error:
            if error.name != package:  # it is there, and lacks something itself
                raise
            raise ModuleNotFoundError(
                f"{what} needs {_TITLES.get(package, package)}, which is not installed: "
                f'pip install "fastsmote[{extra}]"',
                name=package,
            ) from error


def adapter(name: str) -> ModuleType:
    """A module of an adapter, such as "sklearn._samplers"."""
    return importlib.import_module(f"fastsmote.{name}")
