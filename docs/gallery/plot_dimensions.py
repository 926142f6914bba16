"""
Does SMOTE work in many dimensions?
===================================

Mammography has six columns that say something. Columns of noise are added, up to 100 of them: neighbours
then are neighbours by chance, and so are the new rows between them.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import fastsmote

data = np.load(Path("../../asv_bench/benchmarks/mammography.npz"))  # OpenML 310
X, y = StandardScaler().fit_transform(data["X"]), data["y"].astype(int)
noise = np.random.default_rng(0).normal(size=(len(y), 100))
samplers = {"rows as they are": None, "copies": fastsmote.random_over_sample, "SMOTE": fastsmote.smote}
counts = (0, 5, 10, 20, 50, 100)


def measured(table, sampler, split):
    """Average precision of a linear model on one half of the rows, after training on the other."""
    test = np.random.default_rng(split).random(len(y)) < 0.5
    rows = table[~test], y[~test]
    if sampler:
        rows = sampler(*rows, random_state=split)
    score = LogisticRegression(max_iter=1000).fit(*rows).predict_proba(table[test])[:, 1]
    return fastsmote.average_precision_score(y[test], score)


def spread(table):
    """The variance of new rows, as a part of that of the calcifications they are made of."""
    plan = fastsmote.plan.smote(table, y, random_state=0)
    return np.mean(plan.rows(table).var(axis=0) / table[y == 1].var(axis=0))


tables = [np.concatenate([X, noise[:, :n]], axis=1) for n in counts]
figure, (upper, lower) = plt.subplots(2, 1, figsize=(5.2, 5.6), sharex=True, layout="constrained")
for (name, sampler), style in zip(samplers.items(), ("o-", "s--", "^-."), strict=True):
    found = [np.mean([measured(table, sampler, split) for split in range(3)]) for table in tables]
    upper.plot(found, style, label=name)
    print(f"{name}: {found[0]:.2f} without noise, {found[-1]:.2f} with 100 columns of it")
upper.set(ylabel="average precision", ylim=(0, 0.7))
upper.legend(loc="lower left")
lower.plot([spread(table) for table in tables], "^-.", color="C2")
lower.axhline(2 / 3, color="grey", linestyle=":")
lower.annotate("parents drawn at random", (0, 2 / 3), (-5, -14), textcoords="offset points")
lower.set_xticks(range(len(counts)), counts)
lower.set(xlabel="columns of noise beside six that speak", ylabel="variance of the new rows", ylim=(0.5, 1))
plt.show()

# %%
# New rows lie between their parents, so the class they make is narrower than the real one: the more
# columns, the nearer to what parents that were drawn at random would give. Ranking suffers from noise
# whatever is done, and SMOTE never made up for it. Choose columns first.
