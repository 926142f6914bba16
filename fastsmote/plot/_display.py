"""What displays do, by the habits of scikit-learn's: rows or a classifier become data, and data a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from fastsmote._core.check import check_word
from fastsmote._core.public import public
from fastsmote._core.scores import read_columns
from fastsmote._core.typing import Label, MatrixLike, VectorLike
from fastsmote.metrics import confusion_sweep
from fastsmote.plot._axes import curves_of
from fastsmote.plot._curves import of_positive

Response: TypeAlias = Literal["auto", "predict_proba", "decision_function"]


@public("fastsmote.plot")
class CurveDisplay:
    """What all displays do: make the data of a picture from rows or a classifier, and draw it.

    Use one of the classes that are named after a picture.

    Parameters
    ----------
    data
        What the function of the picture takes first: a Sweep, or for calibration a CalibrationCurve.
    name : str, default=None
        Name in the legend.

    Attributes
    ----------
    data, name
        As they were given or made.
    ax_ : matplotlib Axes
        Where it was drawn last.
    figure_ : matplotlib Figure
        Its figure.
    line_ : matplotlib Line2D, or list of them
        The curve, or the curves of pictures with several.

    See Also
    --------
    precision_recall : The functions, which take several models at once.
    """

    _picture: ClassVar[Callable[..., Axes]]
    _responses: ClassVar[tuple[str, ...]] = ("predict_proba", "decision_function")

    ax_: Axes
    figure_: Figure | SubFigure | None
    line_: Line2D | list[Line2D]

    def __init__(self, data: Any, *, name: str | None = None) -> None:
        self.data = data
        self.name = name

    @classmethod
    def from_predictions(
        cls,
        y_true: VectorLike,
        y_score: VectorLike,
        *,
        sample_weight: VectorLike | None = None,
        pos_label: Label | None = None,
        name: str | None = None,
        ax: Axes | None = None,
        **options: Any,
    ) -> Self:
        """Draw labels and scores.

        Parameters
        ----------
        y_true : array-like of shape (n_samples,)
            Labels of two classes.
        y_score : array-like of shape (n_samples,)
            Scores, higher for positives. Of the two columns of predict_proba, the positive one is taken.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights. None counts rows.
        pos_label : int, float, bool or str, default=None
            The positive label. None means 1 where labels are within {0, 1} or {-1, 1}.
        name : str, default=None
            Name in the legend.
        ax : matplotlib Axes, default=None
            Where to draw. None makes a figure.
        **options
            As for ``plot``.

        Returns
        -------
        display
            With ``data``, ``ax_``, ``figure_`` and ``line_``.

        Raises
        ------
        ValueError, TypeError
            As for the function of the picture and :func:`fastsmote.confusion_sweep`. Nothing is drawn then,
            and no figure stays open.

        See Also
        --------
        from_estimator : Scores of a fitted classifier.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from fastsmote.plot import RocCurveDisplay
        >>> ax = Figure().add_subplot()
        >>> shown = RocCurveDisplay.from_predictions([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], name="a", ax=ax)
        >>> shown.line_.get_label(), shown.data.roc_auc
        ('a (AUC 0.750)', 0.75)
        """
        scores = of_positive(y_true, y_score, pos_label, "y_score")
        sweep = confusion_sweep(y_true, scores, pos_label=pos_label, sample_weight=sample_weight)
        return cls(sweep, name=name).plot(ax, **options)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: MatrixLike,
        y: VectorLike,
        *,
        sample_weight: VectorLike | None = None,
        response_method: Response = "auto",
        pos_label: Label | None = None,
        name: str | None = None,
        ax: Axes | None = None,
        **options: Any,
    ) -> Self:
        """Draw what a fitted classifier says of rows.

        Parameters
        ----------
        estimator : classifier of two classes
            Fitted, with ``classes_`` and ``predict_proba`` or ``decision_function``, as scikit-learn's have.
        X : array-like of shape (n_samples, n_features)
            Rows that it was not trained on.
        y : array-like of shape (n_samples,)
            Their labels.
        response_method : {"auto", "predict_proba", "decision_function"}, default="auto"
            What gives the scores; "auto" is predict_proba where there is one. Calibration takes no other.
        pos_label : int, float, bool or str, default=None
            The positive label. None means the second of ``classes_``.
        name : str, default=None
            Name in the legend. None means the class of the estimator.
        sample_weight, ax, **options
            As for ``from_predictions``.

        Returns
        -------
        display
            With ``data``, ``ax_``, ``figure_`` and ``line_``.

        Raises
        ------
        ValueError
            The estimator tells more classes apart than two, or pos_label is none of them; rows are refused as
            by ``from_predictions``.
        TypeError
            The estimator is not fitted, or no classifier, or lacks the method.

        See Also
        --------
        from_predictions : Scores at hand.

        Examples
        --------
        Any object with ``classes_`` and one of the methods will do:

        >>> import numpy as np
        >>> from matplotlib.figure import Figure
        >>> from fastsmote.plot import PrecisionRecallDisplay
        >>> class Amount:
        ...     classes_ = ("fine", "fraud")
        ...     def decision_function(self, X):
        ...         return np.asarray(X)[:, 0]
        >>> X, y, ax = [[7], [20], [15], [90]], ["fine", "fine", "fraud", "fraud"], Figure().add_subplot()
        >>> PrecisionRecallDisplay.from_estimator(Amount(), X, y, ax=ax).line_.get_label()
        'Amount (AP 0.833)'
        """
        scores, positive = _response(estimator, X, response_method, pos_label, cls._responses)
        name = type(estimator).__name__ if name is None else name
        options |= {"sample_weight": sample_weight, "pos_label": positive, "name": name, "ax": ax}
        return cls.from_predictions(y, scores, **options)

    def plot(self, ax: Axes | None = None, *, name: str | None = None, **options: Any) -> Self:
        """Draw the data.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw. None makes a figure.
        name : str, default=None
            Name in the legend. None keeps the one of the display.
        **options
            What the function of the picture takes, such as ``choice`` and ``title``, and properties of
            matplotlib's lines.

        Returns
        -------
        display
            Itself.

        Raises
        ------
        ValueError, TypeError
            As for the function of the picture.

        See Also
        --------
        from_predictions : Makes the data and draws it.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> from fastsmote import confusion_sweep
        >>> from fastsmote.plot import RocCurveDisplay
        >>> sweep = confusion_sweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> RocCurveDisplay(sweep).plot(Figure().add_subplot(), color="teal").line_.get_color()
        'teal'
        """
        known = len(curves_of(ax)) if isinstance(ax, Axes) else 0
        given = {"label": self.name if name is None else name} | options
        self.ax_ = type(self)._picture(self.data, ax=ax, **given)
        self.figure_ = self.ax_.figure
        lines = curves_of(self.ax_)[known:]
        self.line_ = lines[0] if len(lines) == 1 else lines
        return self


def _response(
    estimator: Any, X: Any, response_method: Any, pos_label: Any, allowed: tuple[str, ...]
) -> tuple[NDArray[Any], Any]:
    """Scores of the positive label, and this label."""
    method = check_word(response_method, "response_method", ("auto", *allowed))
    if method == "auto":
        method = next((one for one in allowed if hasattr(estimator, one)), allowed[0])
    classes = None if isinstance(estimator, type) else getattr(estimator, "classes_", None)
    if classes is None or not hasattr(estimator, method):
        raise TypeError(
            f"estimator must be a fitted classifier with classes_ and {method}. Got {estimator!r}; fit it "
            "first, or pass scores to from_predictions."
        )
    labels = np.asarray(classes).tolist()
    if len(labels) != 2:
        raise ValueError(
            f"estimator must tell two classes apart. Got {len(labels)}; draw one against all others with "
            "from_predictions(y == label, scores of this label)."
        )
    positive = labels[1] if pos_label is None else pos_label
    if positive not in labels:
        raise ValueError(f"pos_label must be one of the classes {labels} of estimator. Got {pos_label!r}.")
    scores = read_columns(getattr(estimator, method)(X), method)
    if scores.ndim == 2:
        return scores[:, labels.index(positive)], positive
    return scores if positive == labels[1] else -scores, positive
