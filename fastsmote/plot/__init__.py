"""Pictures of scores, probabilities, classes and resamplings, by matplotlib (the extra ``fastsmote[plot]``).

Each function draws on the axes that it is given, or on new ones, and returns them; nothing is shown, saved
or configured. Pictures follow the style that is set: colours come from the property cycle, words and what
curves are compared with from the colours of labels and paper, widths and sizes from ``rcParams``; where
figures are narrow, pictures stand below each other. Twelve curves differ in dash pattern or width as well as
in colour, twelve classes in their markers, and lines to compare with are dotted, so all can be told apart in
greyscale. The legend lies below the axes, where it covers nothing; long names in it are broken.

Curves are ``data``: a Sweep, a StreamingSweep, ``y_true`` with ``y_score``, or a mapping from names to these
(scores as tuples ``(y_true, y_score)``), which draws each under its name. Curves of many thresholds are
drawn by some 16,000 of them at most: of each of 2048 columns of the axis, linear and logarithmic, the first,
last, lowest and highest. That decides which pixels of so many columns the line through all covers.

Displays have scikit-learn's names and habits, ``from_predictions``, ``from_estimator`` and ``plot``, and
draw by the function of the picture.

``_sweeps`` and ``_tables`` hold signatures and docstrings, ``_display`` and ``_displays`` the displays.
``_rates`` draws precision-recall, ROC and DET curves, ``_cost`` cost curves, ``_thresholds`` metrics against
thresholds, ``_prevalence`` those of one against the prevalence, ``_reliability`` calibration, ``_counts``
and ``_confusion`` classes, ``_scatter`` resamplings, ``_comparison`` what ``fastsmote.compare`` found; all
stand on ``_curves`` (what users give as sweeps, and how they are thinned), ``_axes`` (line styles, legends),
``_figure`` (figures, and the room in them) and ``_colours``. A new picture gets a part with one ``draw_...``
function, which reads the data by ``_curves``, draws within ``axes_for`` by ``_axes`` and returns the axes,
and a function in ``_sweeps`` or ``_tables``.
"""

from fastsmote._core.extras import require

require("plot", "fastsmote.plot", "matplotlib")

from fastsmote.plot._display import CurveDisplay
from fastsmote.plot._displays import (
    CalibrationDisplay,
    CostCurveDisplay,
    DetCurveDisplay,
    PrecisionRecallDisplay,
    PrevalenceDisplay,
    RocCurveDisplay,
    ThresholdsDisplay,
)
from fastsmote.plot._sweeps import cost, det, precision_recall, prevalence, roc, thresholds
from fastsmote.plot._tables import class_counts, confusion_matrix, reliability, resampling

__all__ = [
    "CalibrationDisplay",
    "CostCurveDisplay",
    "CurveDisplay",
    "DetCurveDisplay",
    "PrecisionRecallDisplay",
    "PrevalenceDisplay",
    "RocCurveDisplay",
    "ThresholdsDisplay",
    "class_counts",
    "confusion_matrix",
    "cost",
    "det",
    "precision_recall",
    "prevalence",
    "reliability",
    "resampling",
    "roc",
    "thresholds",
]
