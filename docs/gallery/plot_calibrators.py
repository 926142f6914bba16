"""
Which calibrator mends a forest after SMOTE?
============================================

Phoneme with its oral vowels made rare, one in twenty. A forest is trained after SMOTE; a quarter of the
rows is held back for the calibrators, and a quarter judges them.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

import fastsmote
from fastsmote import plot

table = np.loadtxt(Path("../data/phoneme.csv.gz"), delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1].astype(int)
X, y = fastsmote.make_imbalance(X, y, sampling_strategy={1: 200}, random_state=0)
order = np.random.default_rng(0).permutation(len(y))
train, held, test = np.split(order, [len(y) // 2, 3 * len(y) // 4])

resampled = fastsmote.smote(X[train], y[train], random_state=0)
forest = ExtraTreesClassifier(100, random_state=0).fit(*resampled)
score_held, score = (forest.predict_proba(X[part])[:, 1] for part in (held, test))
ways = {
    "raw": score,
    "prior corrected": fastsmote.correct_prior_from(resampled, score),
    "Platt": fastsmote.fit_platt(y[held], score_held)(score),
    "beta": fastsmote.fit_beta(y[held], score_held)(score),
    "isotonic": fastsmote.fit_isotonic(y[held], score_held)(score),
}
for name, p in ways.items():
    brier = fastsmote.brier_score(y[test], p)
    print(f"{name}: {p.sum():.0f} of {y[test].sum()} expected, Brier score {brier:.4f}")
plot.reliability({name: (y[test], ways[name]) for name in ("raw", "prior corrected", "beta")}, n_bins=5)
plt.show()

# %%
# Taking the prior back goes too far: a forest is hardly moved by the share of a class, so less was added
# than is taken away. Calibrators learn what the forest really did. Here all three expect a quarter too
# many, which is the luck of few rows, and their Brier scores can not be told apart: take the one with the
# fewest parameters.
