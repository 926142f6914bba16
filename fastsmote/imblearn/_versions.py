"""Which versions of imbalanced-learn and scikit-learn the drop-ins were tested with; newer ones are told."""

import re
from importlib.metadata import version

from fastsmote._core.public import public
from fastsmote._core.warn import warn_user

TESTED = {"imbalanced-learn": ((0, 13), (0, 14)), "scikit-learn": ((1, 6), (1, 9))}  # the first and the last


@public("fastsmote.imblearn")
class UntestedVersionWarning(UserWarning):
    """imbalanced-learn or scikit-learn is newer than what the drop-ins were tested with."""


def warn_untested() -> None:
    """Tell of each package that is newer than its last tested version."""
    for package, (first, last) in TESTED.items():
        installed = version(package)
        if tuple(map(int, re.findall(r"\d+", installed)[:2])) > last:  # 1.10rc1 too
            low, high = (".".join(map(str, tested)) for tested in (first, last))
            warn_user(
                f"fastsmote.imblearn was tested with {package} {low} to {high}. Got {installed}: results may "
                f"differ from imbalanced-learn's. Update fastsmote, or pip install "
                f"'{package}<{last[0]}.{last[1] + 1}'.",
                UntestedVersionWarning,
            )
