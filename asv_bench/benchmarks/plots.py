"""Pictures of many thresholds and rows, drawn and rendered, beside scikit-learn's displays."""

import io

from .common import found, fraud, later, sizes
from .metrics import labels_and_scores

fastsmote = later("fastsmote")

# scikit-learn's display of what a function draws
_DISPLAYS = {
    "precision_recall": "sklearn.metrics.PrecisionRecallDisplay",
    "roc": "sklearn.metrics.RocCurveDisplay",
    "det": "sklearn.metrics.DetCurveDisplay",
    "reliability": "sklearn.calibration.CalibrationDisplay",
    "confusion_matrix": "sklearn.metrics.ConfusionMatrixDisplay",
}


class _Plots:
    """On axes that are cleared first; rendered as PNG."""

    param_names = ("library", "n", "plot")
    timeout = 300

    def setup(self, library, n, plot):
        found("matplotlib").use("Agg")
        n_axes = 2 if plot == "resampling" else 1
        self.figure = found("matplotlib.figure", "Figure")()
        self.axes = self.figure.subplots(1, n_axes, squeeze=False)[0]
        self.draw = self.drawing(library, n, plot)
        self.draw()

    def picture(self):
        for ax in self.axes:
            ax.clear()
        self.draw()
        self.figure.savefig(io.BytesIO())

    def time_picture(self, library, n, plot):
        self.picture()

    def peakmem_picture(self, library, n, plot):
        self.picture()


class Displays(_Plots):
    covers = tuple(f"plot.{plot}" for plot in _DISPLAYS)
    reference = "scikit-learn's display"
    params = (["fastsmote", "scikit-learn"], sizes(100_000, 1_000_000), list(_DISPLAYS))

    def drawing(self, library, n, plot):
        y, scores = labels_and_scores(n, 0.05)
        if plot == "confusion_matrix":
            scores = scores > 0.5
        if library == "fastsmote":
            function = found("fastsmote.plot", plot)
            return lambda: function(y, scores, ax=self.axes[0])
        module, name = _DISPLAYS[plot].rsplit(".", 1)
        display = found(module, name)
        return lambda: display.from_predictions(y, scores, ax=self.axes[0])


class OwnPictures(_Plots):
    covers = ("plot.cost", "plot.thresholds", "plot.prevalence", "plot.class_counts", "plot.resampling")
    reference = None
    params = (
        ["fastsmote"],
        sizes(100_000, 1_000_000),
        ["cost", "thresholds", "prevalence", "class_counts", "resampling"],
    )

    def drawing(self, library, n, plot):
        function = found("fastsmote.plot", plot)
        if plot == "resampling":
            X, y = fraud(n, 30)
            made = fastsmote.smote(X, y, random_state=0)
            return lambda: function(X, y, *made, ax=self.axes)
        y, scores = labels_and_scores(n, 0.05)
        if plot == "class_counts":
            return lambda: function(y, ax=self.axes[0])
        return lambda: function(y, scores, ax=self.axes[0])
