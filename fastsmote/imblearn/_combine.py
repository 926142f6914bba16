"""Combinations of ``fastsmote.imblearn``: over-sampling, then cleaning, with the drop-in classes of both."""

from typing import Any

import imblearn.combine as parents
import numpy as np

from fastsmote._core.typing import RowIds
from fastsmote.imblearn._cleaning import EditedNearestNeighbours, TomekLinks
from fastsmote.imblearn._over import SMOTE
from fastsmote.imblearn._tally import run_and_count


class SMOTEENN(parents.SMOTEENN):  # type: ignore[misc]
    """imbalanced-learn's SMOTEENN, of accelerated parts.

    One seed gives other rows here than in :func:`fastsmote.smote_enn`.

    Parameters, attributes, results and errors are those of :class:`imblearn.combine.SMOTEENN`. Samplers that
    you pass are taken as they are: pass those of ``fastsmote.imblearn``. Cleaning can differ where distances
    tie, as among synthetic rows on a grid, or lose digits there (see ``fastsmote.imblearn._rows``).

    See Also
    --------
    fastsmote.smote_enn : The same method as a function.
    SMOTETomek : With the cleaner TomekLinks.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTEENN
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SMOTEENN(random_state=0).fit_resample(X, y)
    >>> len(y) < len(y_resampled) <= 1800
    True
    """

    smote_: Any
    enn_: Any
    _keeps_integers = True

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        return _find_rows(self.smote_, self.enn_, len(y))

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if self.smote is None:
            self.smote_ = SMOTE(**self.smote_.get_params(deep=False))
        if self.enn is None:
            self.enn_ = EditedNearestNeighbours(**self.enn_.get_params(deep=False))

    def _fit_resample(self, X: Any, y: Any) -> Any:
        parent = super()._fit_resample
        reason = _why_parent_of(X, SMOTE, self.smote, EditedNearestNeighbours, self.enn)
        return run_and_count(self, reason, parent, parent, X, y)


class SMOTETomek(parents.SMOTETomek):  # type: ignore[misc]
    """imbalanced-learn's SMOTETomek, of accelerated parts.

    One seed gives other rows here than in :func:`fastsmote.smote_tomek`.

    Parameters, attributes, results and errors are those of :class:`imblearn.combine.SMOTETomek`. Samplers
    that you pass are taken as they are: pass those of ``fastsmote.imblearn``. Cleaning can differ where
    distances tie, as among synthetic rows on a grid, or lose digits there (see ``fastsmote.imblearn._rows``).

    See Also
    --------
    fastsmote.smote_tomek : The same method as a function.
    SMOTEENN : With the cleaner EditedNearestNeighbours, which removes more.

    Examples
    --------
    >>> import fastsmote
    >>> from fastsmote.imblearn import SMOTETomek
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.1, random_state=0)
    >>> X_resampled, y_resampled = SMOTETomek(random_state=0).fit_resample(X, y)
    >>> len(y) < len(y_resampled) <= 1800
    True
    """

    smote_: Any
    tomek_: Any
    _keeps_integers = True

    def _find_rows(self, y: Any, n_resampled: int) -> RowIds | None:
        return _find_rows(self.smote_, self.tomek_, len(y))

    def _validate_estimator(self) -> None:
        super()._validate_estimator()
        if self.smote is None:
            self.smote_ = SMOTE(**self.smote_.get_params(deep=False))
        if self.tomek is None:
            self.tomek_ = TomekLinks(**self.tomek_.get_params(deep=False))

    def _fit_resample(self, X: Any, y: Any) -> Any:
        parent = super()._fit_resample
        reason = _why_parent_of(X, SMOTE, self.smote, TomekLinks, self.tomek)
        return run_and_count(self, reason, parent, parent, X, y)


def _find_rows(smote: Any, cleaner: Any, n: int) -> RowIds | None:
    """The row of X that each row is that a cleaner has left of what smote gave; None where nobody knows."""
    rows = getattr(cleaner, "sample_indices_", None)
    known = ("fastsmote.", "imblearn.")
    if rows is None or not all(type(part).__module__.startswith(known) for part in (smote, cleaner)):
        return None
    return np.where(rows < n, rows, -1)


def _why_parent_of(X: Any, smote: Any, given_smote: Any, cleaner: Any, given_cleaner: Any) -> str | None:
    """Why a combination does not run in the engine: a sampler of another class, or what its parts say."""
    for drop_in, given in ((smote, given_smote), (cleaner, given_cleaner)):
        if given is not None and not isinstance(given, drop_in):
            return f"{type(given).__module__}.{type(given).__name__} was given"
    of_smote = (given_smote or smote())._why_parent(X)
    return of_smote or (given_cleaner or cleaner())._why_parent(X, None)
