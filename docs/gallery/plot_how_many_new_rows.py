"""
How many new rows are enough?
=============================

SMOTE to one half is the default, not a law. Mammography, half of its rows for training: the share of
calcifications after SMOTE goes from the 2.3 % that there are to 50 %.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = data["X"], data["y"].astype(int)

learners = {
    "linear": make_pipeline(StandardScaler(), LogisticRegression()),
    "20 neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(20)),
}
shares = (0.05, 0.1, 0.2, 0.35, 0.5)

found = {name: [] for name in learners}
for split in range(3):
    test = np.random.default_rng(split).random(len(y)) < 0.5
    X_train, y_train = X[~test], y[~test]
    parts = [(X_train, y_train)] + [
        fastsmote.smote(X_train, y_train, sampling_strategy=fastsmote.Share(share), random_state=split)
        for share in shares
    ]
    for name, learner in learners.items():
        scores = [learner.fit(*part).predict_proba(X[test])[:, 1] for part in parts]
        found[name].append(
            [(fastsmote.average_precision_score(y[test], p), p.sum() / y[test].sum()) for p in scores]
        )

# %%
# Above, how well they rank. Below, how many calcifications their probabilities expect for each one there
# is.

figure, (upper, lower) = plt.subplots(2, 1, figsize=(5.2, 6), sharex=True, layout="constrained")
for (name, values), style in zip(found.items(), ("o-", "s--"), strict=True):
    ranks, expected = np.mean(values, axis=0).T
    upper.plot([y.mean(), *shares], ranks, style, label=name)
    lower.plot([y.mean(), *shares], expected, style, label=name)
    print(f"{name}: average precision {ranks[0]:.2f} as it is, {ranks[-1]:.2f} at one half")
upper.set(ylabel="average precision", ylim=(0, 0.7))
upper.legend(loc="lower left")
lower.axhline(1, color="grey", linestyle=":")
lower.set(xlabel="calcifications among the training rows", ylabel="expected for each one there is")
lower.xaxis.set_major_formatter(PercentFormatter(1))
plt.show()

# %%
# For the linear model, none. Neighbours rank a little better with a share of 5 or 10 %, and worse than
# without at one half. All of them swell the probabilities. So try a tenth before you take the default: it
# is a ninth of the new rows.
