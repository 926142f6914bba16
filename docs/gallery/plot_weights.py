"""
Weights, copies or new rows: is there a difference?
===================================================

For a linear model, hardly. Mammography, half of its rows for training: probabilities of the other half from
a model with balanced weights, against those of models that saw copies, or new rows of SMOTE.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import fastsmote

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = data["X"], data["y"].astype(int)
test = np.random.default_rng(0).random(len(y)) < 0.5
X_train, y_train = X[~test], y[~test]

scaler = StandardScaler().fit(X_train)


def probabilities(X_fit, y_fit, weight=None):
    model = LogisticRegression().fit(scaler.transform(X_fit), y_fit, weight)
    return model.predict_proba(scaler.transform(X[test]))[:, 1]


p = {
    "weights": probabilities(X_train, y_train, fastsmote.sample_weights(y_train)),
    "copies": probabilities(*fastsmote.random_over_sample(X_train, y_train, random_state=0)),
    "SMOTE": probabilities(*fastsmote.smote(X_train, y_train, random_state=0)),
}
for name, score in p.items():
    print(f"{name}: average precision {fastsmote.average_precision_score(y[test], score):.2f}")
as_it_is = probabilities(X_train, y_train)
print(f"as it is: average precision {fastsmote.average_precision_score(y[test], as_it_is):.2f}")

figure, axes = plt.subplots(figsize=(5.2, 5), layout="constrained")
axes.plot(p["weights"], p["SMOTE"], "+", label="SMOTE")
axes.plot(p["weights"], p["copies"], ".", markersize=3, label="copies")
axes.set(xlabel="probability with weights", ylabel="probability after copies or SMOTE")
axes.legend()
plt.show()

# %%
# Copies are weights with the luck of a draw; without drawing they are the same. New rows of SMOTE are
# something else, but not better: all three rank worse than the rows as they are. A weight costs no row.
