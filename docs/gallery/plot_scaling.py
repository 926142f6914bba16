"""
Do I have to scale before SMOTE?
================================

Neighbours are found by distance, and a distance adds up columns as if their units were the same.
scikit-learn's wine data have proline in hundreds and hue around one.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

import fastsmote

data = load_wine()
X, y, names = data.data, data.target, [name.replace("_", " ") for name in data.feature_names]
names[names.index("od280/od315 of diluted wines")] = "OD 280 / 315"
tables = {"as measured": X, "scaled": StandardScaler().fit_transform(X)}

figure, axes = plt.subplots(figsize=(5.2, 5.2), layout="constrained")
neighbours, places = {}, np.arange(len(names))
for shift, ((name, table), hatch) in enumerate(zip(tables.items(), ("", "//"), strict=True)):
    _, neighbours[name] = fastsmote.NeighborIndex(table, y).query(n_neighbors=5)
    squares = (table[:, np.newaxis] - table[neighbours[name]]) ** 2
    parts = squares.mean(axis=(0, 1)) / squares.mean(axis=(0, 1)).sum()
    axes.barh(places + 0.4 * shift, parts, 0.4, hatch=hatch, label=name)
axes.set_yticks(places + 0.2, names)
axes.set(xlabel="part of the squared distance to the 5 nearest wines", xlim=(0, 1))
axes.xaxis.set_major_formatter(PercentFormatter(1))
axes.invert_yaxis()
axes.legend(loc="center right")
plt.show()

# %%
# Two columns of thirteen decide. So do they choose the parents of the new rows:

same = np.mean([len(set(a) & set(b)) for a, b in zip(*neighbours.values(), strict=True)])
print(f"of 5 neighbours {same:.1f} are the same after scaling")

# %%
# Scale the training rows before you resample, by what is learnt from them alone. A pipeline of
# scikit-learn with :class:`fastsmote.sklearn.ResampledClassifier` after the scaler keeps this order.
