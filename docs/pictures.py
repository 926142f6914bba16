"""Draws the pictures of the home page and the README: ``python docs/pictures.py``."""

from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.ensemble import ExtraTreesClassifier

import fastsmote

STATIC = Path(__file__).parent / "_static"
ALERT, MISSED = 5, 100


def measured():
    """As on the home page: each model's sweep of the test rows, its choice, and scores with labels."""
    X, y = fastsmote.make_fraud(40_000, fraud_rate=0.01, random_state=0)
    train, held, test = slice(0, 20_000), slice(20_000, 30_000), slice(30_000, None)
    for name, rows in {
        "as it is": (X[train], y[train]),
        "SMOTE": fastsmote.smote(X[train], y[train], random_state=0),
    }.items():
        model = ExtraTreesClassifier(50, random_state=0).fit(*rows)
        score_held, score = (model.predict_proba(X[part])[:, 1] for part in (held, test))
        choice = fastsmote.cost_threshold(
            fastsmote.confusion_sweep(y[held], score_held), cost_fp=ALERT, cost_fn=MISSED
        )
        calibrated = fastsmote.fit_beta(y[held], score_held)(score)
        yield name, y[test], score, choice.threshold, calibrated


def draw(models, path, *, narrow, transparent):
    """Side by side, or for a telephone one above the other."""
    shape, size = ((2, 1), (4.2, 5.6)) if narrow else ((1, 2), (9, 3.2))
    figure, (left, right) = plt.subplots(*shape, figsize=size, layout="constrained")
    plain = {"facecolor": left.get_facecolor(), "edgecolor": "none", "pad": 1}
    for (name, y, score, threshold, _), style in zip(models, ("--", "-"), strict=True):
        sweep = fastsmote.confusion_sweep(y, score)
        costs = sweep.cost(ALERT, MISSED)
        (line,) = left.plot(sweep.thresholds, costs, style, drawstyle="steps-post", label=name)
        at = costs[sweep.thresholds >= threshold][-1]
        left.plot(threshold, at, "o", color=line.get_color())
        left.annotate(f"{at:,.0f}", (threshold, at), (9, 5), textcoords="offset points", bbox=plain)
    left.axvline(0.5, color="grey", linestyle=":")
    left.set(
        xlabel="threshold (dots: chosen on other rows)",
        ylabel="cost of mistakes",
        xlim=(0, 1),
        ylim=(0, 4_500),
    )
    left.legend(loc="lower right")
    _, y, score, _, calibrated = models[1]
    totals = {"after SMOTE": score.sum(), "calibrated": calibrated.sum(), "there": y.sum()}
    bars = right.barh(list(totals), list(totals.values()), color=["C1", "C0", "grey"])
    right.bar_label(bars, fmt="%.0f", padding=4)
    right.invert_yaxis()
    right.set(xlabel="frauds expected among 10,000 payments", xlim=(0, 190))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None}, transparent=transparent)
    plt.close(figure)


if __name__ == "__main__":
    found = list(measured())
    for name, style in {"light": "default", "dark": "dark_background"}.items():
        with plt.style.context([style, {"svg.hashsalt": "fastsmote"}]):
            for shape in ("", "narrow-"):
                path = STATIC / f"home-{shape}{name}.svg"
                draw(found, path, narrow=bool(shape), transparent=name == "dark")
