"""
Which rows does Tomek's rule remove?
====================================

Two rows of two classes, each the nearest of the other, are a Tomek link. scikit-learn's breast cancer data,
two of its columns: the links, and what the rule takes away from the larger class.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

import fastsmote

data = load_breast_cancer()
X, y = StandardScaler().fit_transform(data.data[:, :2]), 1 - data.target  # malignant is 1

pairs = fastsmote.select.tomek_link_pairs(X, y)
gone, enn = (
    np.setdiff1d(np.arange(len(y)), cleaned(X, y))
    for cleaned in (fastsmote.select.tomek_links, fastsmote.select.edited_nearest_neighbours)
)
print(f"{len(pairs)} links of {np.sum(y == 0)} benign and {np.sum(y == 1)} malignant rows")

# %%
# The middle of the picture. Below, the stricter rule of the same kind: a row goes unless its three
# nearest are all of its own class.

figure, axes = plt.subplots(2, 1, figsize=(5.2, 7), sharex=True, sharey=True, layout="constrained")
for ax, removed, name in zip(axes, (gone, enn), ("tomek_links", "edited_nearest_neighbours"), strict=True):
    ax.plot(*X[y == 0].T, "o", color="C0", markersize=3, label="benign")
    ax.plot(*X[y == 1].T, "^", color="C1", markersize=5, fillstyle="none", label="malignant")
    ax.plot(*X[removed].T, "x", color="red", markersize=8, label="removed")
    ax.set(title=f"{name}: {len(removed)} rows", ylabel="texture")
for pair in pairs:
    axes[0].plot(*X[pair].T, color="red", linewidth=0.8)
axes[1].set(xlabel="radius", xlim=(-1.2, 1.2), ylim=(-2, 2))
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()

# %%
# Links lie where the classes overlap, one row of each class. Few rows go, so do not expect much of it:
# the border gets tidier, the imbalance stays.
