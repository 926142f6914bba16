"""
How many neighbours should SMOTE look at?
=========================================

Five is the habit. Phoneme has 5,404 vowels, 29 % of them oral, and the first five harmonics of each. Two
learners are trained on half of the rows after SMOTE with 1 to 200 neighbours; average precision is that of
the other half.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

import fastsmote

table = np.loadtxt(Path("../data/phoneme.csv.gz"), delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1].astype(int)

learners = {
    "5 neighbours": KNeighborsClassifier(5),
    "tree": DecisionTreeClassifier(min_samples_leaf=5, random_state=0),
}
neighbours = (1, 2, 5, 10, 20, 50, 100, 200)


def measured(learner, k):
    """Average precision of five halves; k is 0 for the rows as they are."""
    for split in range(5):
        test = np.random.default_rng(split).random(len(y)) < 0.5
        rows = X[~test], y[~test]
        if k:
            rows = fastsmote.smote(*rows, k_neighbors=k, random_state=split)
        yield fastsmote.average_precision_score(y[test], learner.fit(*rows).predict_proba(X[test])[:, 1])


# %%
# Bars reach from the lowest to the highest of the five splits.

figure, axes = plt.subplots(figsize=(5.2, 4.6), layout="constrained")
looks = ("o-", ":", 0.97), ("s--", "-.", 1.03)
for (name, learner), (style, level, place) in zip(learners.items(), looks, strict=True):
    found = np.array([list(measured(learner, k)) for k in neighbours])
    as_it_is, mean = np.mean(list(measured(learner, 0))), found.mean(axis=1)
    print(f"{name}: {as_it_is:.3f} as it is, {mean.min():.3f} to {mean.max():.3f} after SMOTE")
    bars = mean - found.min(axis=1), found.max(axis=1) - mean
    (line, *_) = axes.errorbar(
        np.multiply(neighbours, place), mean, bars, fmt=style, capsize=3, label=f"{name}, after SMOTE"
    )
    axes.axhline(as_it_is, color=line.get_color(), linestyle=level, label=f"{name}, rows as they are")
axes.set(xscale="log", xlabel="neighbours that SMOTE chooses from", ylabel="average precision")
axes.set_xticks(neighbours, neighbours)
axes.minorticks_off()
figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

# %%
# The number hardly matters: splits differ more than neighbours do, and no number beats the rows as they
# are by more than that. One or two neighbours are the worst choice here: the new rows lie on few lines.
# Keep 5, and spend the time on the threshold.
