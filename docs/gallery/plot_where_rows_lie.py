"""
Where do the new rows lie?
==========================

scikit-learn's wine data, two of its columns, and one class made rare. Each over-sampler is a choice of base
row, neighbour and gap, which a plan shows: SMOTE starts anywhere in the class, Borderline-SMOTE where other
classes are near, ADASYN the more often the nearer they are.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

import fastsmote

X, y = load_wine(return_X_y=True)
X = StandardScaler().fit_transform(X[:, [0, 9]])  # alcohol, colour
rare = np.concatenate([np.flatnonzero(y != 2), np.flatnonzero(y == 2)[:20]])
X, y = X[rare], (y[rare] == 2).astype(int)

figure, axes = plt.subplots(3, 1, figsize=(5.2, 9), sharex=True, sharey=True, layout="constrained")
for ax, name in zip(axes, ("smote", "borderline_smote", "adasyn"), strict=True):
    plan = getattr(fastsmote.plan, name)(X, y, random_state=0)
    made = plan.rows(X)
    ax.plot(*X[y == 0].T, ".", color="grey", markersize=4, label="other classes")
    ax.plot(*made.T, "+", color="C1", markersize=5, label="new rows")
    ax.plot(*X[y == 1].T, "D", color="C0", markersize=5, label="rare class")
    ax.set(title=f"{name}, {len(set(plan.base.tolist()))} base rows", ylabel="colour")
axes[-1].set_xlabel("alcohol")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()
