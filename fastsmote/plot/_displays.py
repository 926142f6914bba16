"""The pictures as displays, by the names that scikit-learn has, each drawn by its function."""

from __future__ import annotations

from typing import Any, Literal, Self

from matplotlib.axes import Axes

from fastsmote._core.public import public
from fastsmote._core.typing import Label, VectorLike
from fastsmote.calibration import calibration_curve
from fastsmote.plot._curves import SweepLike, of_positive
from fastsmote.plot._display import CurveDisplay
from fastsmote.plot._reliability import CalibrationLike
from fastsmote.plot._sweeps import cost, det, precision_recall, prevalence, roc, thresholds
from fastsmote.plot._tables import reliability


@public("fastsmote.plot")
class PrecisionRecallDisplay(CurveDisplay):
    """Precision against recall, as :func:`precision_recall` draws it, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The curve.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes.
    precision_recall : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import PrecisionRecallDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> PrecisionRecallDisplay.from_predictions(y, score, ax=ax).line_.get_label()
    'AP 0.833'
    """

    data: SweepLike
    _picture = staticmethod(precision_recall)


@public("fastsmote.plot")
class RocCurveDisplay(CurveDisplay):
    """True against false positive rate, as :func:`roc` draws it, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The curve.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes.
    roc : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import RocCurveDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> RocCurveDisplay.from_predictions(y, score, ax=ax).line_.get_label()
    'AUC 0.750'
    """

    data: SweepLike
    _picture = staticmethod(roc)


@public("fastsmote.plot")
class DetCurveDisplay(CurveDisplay):
    """False negative against false positive rate, as :func:`det` draws it, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The curve.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes.
    det : The function, for several models at once.

    Notes
    -----
    Lines are in rates, on axes of deviates; those of scikit-learn's display are in deviates.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import DetCurveDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> DetCurveDisplay.from_predictions(y, score, ax=ax).ax_.get_xlabel()
    'false positive rate (%)'
    """

    data: SweepLike
    _picture = staticmethod(det)


@public("fastsmote.plot")
class CostCurveDisplay(CurveDisplay):
    """The least cost that a threshold reaches, as :func:`cost` draws it, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The curve.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes.
    cost : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import CostCurveDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> CostCurveDisplay.from_predictions(y, score, name="a", ax=ax).line_.get_label()
    'a (area 0.125)'
    """

    data: SweepLike
    _picture = staticmethod(cost)


@public("fastsmote.plot")
class ThresholdsDisplay(CurveDisplay):
    """Metrics against the threshold, as :func:`thresholds` draws them, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The scores.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes; ``line_`` is a list here, a line for each metric.
    thresholds : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import ThresholdsDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> shown = ThresholdsDisplay.from_predictions(y, score, metrics=("f1", "fpr"), ax=ax)
    >>> [line.get_label() for line in shown.line_]
    ['F1', 'false positive rate']
    """

    data: SweepLike
    _picture = staticmethod(thresholds)


@public("fastsmote.plot")
class PrevalenceDisplay(CurveDisplay):
    """Precision and recall against prevalence, as :func:`prevalence` draws them, by scikit-learn's habits.

    Parameters
    ----------
    data : Sweep, StreamingSweep or tuple (y_true, y_score)
        The scores.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its methods and attributes; ``line_`` is a list here, precision and recall.
    prevalence : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import PrevalenceDisplay
    >>> y, score, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> [line.get_label() for line in PrevalenceDisplay.from_predictions(y, score, ax=ax).line_]
    ['precision', 'recall']
    """

    data: SweepLike
    _picture = staticmethod(prevalence)


@public("fastsmote.plot")
class CalibrationDisplay(CurveDisplay):
    """Shares of positives against predicted probabilities, as :func:`reliability` draws them.

    Parameters
    ----------
    data : CalibrationCurve, StreamingCalibration or tuple (y_true, y_prob)
        The curve.
    name : str, default=None
        Name in the legend.

    See Also
    --------
    CurveDisplay : Its attributes, ``from_estimator`` and ``plot``.
    reliability : The function, for several models at once.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from fastsmote.plot import CalibrationDisplay
    >>> y, p, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
    >>> CalibrationDisplay.from_predictions(y, p, n_bins=2, ax=ax).data.counts.tolist()
    [3, 1]
    """

    data: CalibrationLike
    _picture = staticmethod(reliability)
    _responses = ("predict_proba",)

    @classmethod
    def from_predictions(  # type: ignore[override]  # y_prob is scikit-learn's name
        cls,
        y_true: VectorLike,
        y_prob: VectorLike,
        *,
        n_bins: int = 10,
        strategy: Literal["uniform", "quantile"] = "uniform",
        sample_weight: VectorLike | None = None,
        pos_label: Label | None = None,
        name: str | None = None,
        ax: Axes | None = None,
        **options: Any,
    ) -> Self:
        """Draw labels and probabilities.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            Labels of two classes.
        y_prob : array-like of shape (n_samples,)
            Probabilities of the positive class, or the two columns of predict_proba.
        n_bins, strategy, sample_weight, pos_label
            As for :func:`fastsmote.calibration.calibration_curve`.
        name, ax, **options
            As for ``CurveDisplay.from_predictions``.

        Returns
        -------
        CalibrationDisplay
            With ``data``, ``ax_``, ``figure_`` and ``line_``.

        Raises
        ------
        ValueError, TypeError
            As for :func:`reliability` and calibration_curve.

        See Also
        --------
        CurveDisplay.from_estimator : Probabilities of a fitted classifier.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from fastsmote.plot import CalibrationDisplay
        >>> y, p, ax = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], Figure().add_subplot()
        >>> CalibrationDisplay.from_predictions(y, p, n_bins=2, name="a", ax=ax).line_.get_label()
        'a (ECE 0.087)'
        """
        p = of_positive(y_true, y_prob, pos_label, "y_prob")
        curve = calibration_curve(
            y_true, p, n_bins=n_bins, strategy=strategy, pos_label=pos_label, sample_weight=sample_weight
        )
        return cls(curve, name=name).plot(ax, **options)
