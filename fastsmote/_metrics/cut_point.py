"""One cut point: its four counts and the measures that are read off them."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastsmote._core.display import Shown, Summary, brief, briefly
from fastsmote._core.public import public
from fastsmote._metrics import formulas
from fastsmote._metrics.formulas import Counts

RATES = (
    "precision", "recall", "specificity", "fpr", "f1", "balanced_accuracy", "geometric_mean",
    "matthews_corrcoef",
)  # fmt: skip


class _CutPointFields(NamedTuple):
    """The fields of a :class:`CutPoint`."""

    threshold: Any
    tn: Any
    fp: Any
    fn: Any
    tp: Any
    alerts: Any
    precision: float
    recall: float
    specificity: float
    fpr: float
    f1: float
    balanced_accuracy: float
    geometric_mean: float
    matthews_corrcoef: float


@public("fastsmote.metrics")
class CutPoint(Shown, _CutPointFields):
    """What happens at a threshold: the four counts and the metrics there.

    Attributes
    ----------
    threshold : float, int or bool
        The threshold that was asked for.
    tn, fp, fn, tp : int or float
        Counts there, or sums of weights.
    alerts : int or float
        Rows called positive.
    precision, recall, specificity, fpr, f1, balanced_accuracy, geometric_mean, matthews_corrcoef : float
        Metrics there; 0 where their denominator is 0.

    See Also
    --------
    fastsmote.Sweep.at : Returns it.
    fastsmote.thresholds.ThresholdChoice : A threshold that was chosen.
    """

    __slots__ = ()

    def _summary(self) -> Summary:
        rates = {name: getattr(self, name) for name in RATES if name not in ("specificity", "geometric_mean")}
        return Summary(f"at {brief(self.threshold)}", {"rows": cells_in_words(self), **briefly(**rates)})


def cells_in_words(at: Any) -> str:
    """The four counts in one line."""
    names = {"tp": "found", "fn": "missed", "fp": "false", "tn": "right"}
    return ", ".join(f"{brief(getattr(at, name))} {word}" for name, word in names.items())


def cut_point(threshold: Any, at: Counts) -> CutPoint:
    """The record of counts of one threshold, arrays of one entry."""
    tn, fp, fn, tp = (count.item() for count in at[:4])
    return CutPoint(
        threshold=threshold,
        tn=tn,
        fp=fp,
        fn=fn,
        tp=tp,
        alerts=tp + fp,
        precision=formulas.precision(at).item(),
        recall=formulas.recall(at).item(),
        specificity=formulas.specificity(at).item(),
        fpr=formulas.fpr(at).item(),
        f1=formulas.f_beta(at, 1.0).item(),
        balanced_accuracy=formulas.balanced_accuracy(at).item(),
        geometric_mean=formulas.geometric_mean(at).item(),
        matthews_corrcoef=formulas.matthews_corrcoef(at).item(),
    )
