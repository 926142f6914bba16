"""
What does SMOTE make of wrong labels?
=====================================

scikit-learn's breast cancer data, some benign cases labelled malignant by mistake. A plan knows the parents
of each new row: how many of the new malignant rows come from a mistake?
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

import fastsmote

X, y = load_breast_cancer(return_X_y=True)
X, y = StandardScaler().fit_transform(X), 1 - y  # malignant is 1
rare = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:60]])
X, y = X[rare], y[rare]

samplers = ("random_over_sample", "smote", "borderline_smote", "adasyn")
counts = (2, 5, 10, 20)
touched = {name: [] for name in samplers}
for n_wrong in counts:
    parts = {name: [] for name in samplers}
    for seed in range(20):
        wrong = np.random.default_rng(seed).choice(np.flatnonzero(y == 0), n_wrong, replace=False)
        label = y.copy()
        label[wrong] = 1
        for name in samplers:
            plan = getattr(fastsmote.plan, name)(X, label, random_state=seed)
            parts[name].append(np.mean(np.isin(plan.base, wrong) | np.isin(plan.neighbor, wrong)))
    for name in samplers:
        touched[name].append(np.mean(parts[name]))

figure, axes = plt.subplots(figsize=(5.2, 4), layout="constrained")
wrong_share = [n / (60 + n) for n in counts]
for name, style in zip(samplers, ("o-", "s--", "^-.", "D:"), strict=True):
    axes.plot(wrong_share, touched[name], style, label=name)
    print(f"{name}: {touched[name][1]:.0%} of the new rows, {wrong_share[1]:.0%} of the labels")
axes.set(xlabel="malignant labels that are wrong", ylabel="new rows with such a parent")
axes.set(xlim=(0, None), ylim=(0, 1))
axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
axes.yaxis.set_major_formatter(PercentFormatter(1))
axes.legend()
plt.show()

# %%
# SMOTE has two parents for each row, so it spreads a mistake a little further than copies do.
# Borderline-SMOTE and ADASYN look for rows that other classes surround, and nothing is surrounded like a
# wrong label. Clean before, not after: a row of the rare class that its neighbours outvote is worth a
# look, though some of them are right.

label = y.copy()
label[wrong] = 1
kept = fastsmote.select.edited_nearest_neighbours(X, label, sampling_strategy=[1], kind_sel="mode")
gone = np.setdiff1d(np.arange(len(y)), kept)
caught = np.isin(gone, wrong).sum()
print(f"outvoted are {caught} of {len(wrong)} wrong labels, and {len(gone) - caught} of 60 right ones")
