"""Pictures of sweeps, calibration and resamplings, drawn by matplotlib (the extra ``fastsmote[plot]``).

Each function draws on the axes that it is given, or on new ones, and returns them; nothing is shown, saved
or configured. Seven curves differ in dash pattern or luminance as well as in colour, and lines to compare
with are dotted, so all can be told apart in greyscale, on light and on dark paper. The legend lies below the
axes, where it covers nothing; long names in it are broken.

Curves are ``data``: a Sweep, a StreamingSweep, ``y_true`` with ``y_score``, or a mapping from names to
these (scores as tuples ``(y_true, y_score)``), which draws each under its name. Curves of many thresholds
are drawn by some 16,000 of them at most: of each of 2048 columns of the axis, linear and logarithmic, the
first, last, lowest and highest. That decides which pixels of so many columns the line through all covers.

``_sweeps`` and ``_tables`` hold signatures and docstrings. ``_rates`` draws precision-recall, ROC and DET
curves, ``_cost`` cost curves, ``_thresholds`` metrics against thresholds, ``_reliability`` calibration and
``_scatter`` resamplings, ``_comparison`` what ``fastsmote.compare`` found; all stand on ``_curves`` (what
users give as sweeps, and how they are thinned), ``_axes`` (axes, line styles, legends) and ``_colours``. A
new picture gets a part with one ``draw_...`` function, which reads the data by ``_curves``, draws by
``_axes`` and returns the axes, and a function in ``_sweeps`` or ``_tables``.
"""

from fastsmote._core.extras import require

require("plot", "fastsmote.plot", "matplotlib")

from fastsmote.plot._sweeps import cost, det, precision_recall, roc, thresholds
from fastsmote.plot._tables import reliability, resampling

__all__ = ["cost", "det", "precision_recall", "reliability", "resampling", "roc", "thresholds"]
