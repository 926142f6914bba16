"""
How many rows of the large class do I need?
===========================================

Training takes time for each row, and most payments look alike. 60,000 payments with 1 % frauds: all frauds
are kept, and 1 to 50 others for each of them. Probabilities are brought back to the share that there was.
"""

import matplotlib.pyplot as plt
from sklearn.ensemble import HistGradientBoostingClassifier

import fastsmote

X, y = fastsmote.make_fraud(120_000, fraud_rate=0.01, random_state=0)
train, test = slice(0, 60_000), slice(60_000, None)

found = {}
for others in (1, 2, 5, 10, 20, 50):
    part = fastsmote.random_under_sample(X[train], y[train], sampling_strategy=1 / others, random_state=0)
    model = HistGradientBoostingClassifier(max_iter=50, random_state=0).fit(*part)
    p = fastsmote.correct_prior_from(part, model.predict_proba(X[test])[:, 1])
    found[len(part[1])] = fastsmote.average_precision_score(y[test], p), fastsmote.log_loss(y[test], p)
    print(f"{len(part[1]):6,} rows: average precision {found[len(part[1])][0]:.3f}")

figure, panels = plt.subplots(2, 1, figsize=(5.2, 5.6), sharex=True, layout="constrained")
for axes, i, name in zip(panels, (0, 1), ("average precision", "log loss"), strict=True):
    axes.plot(list(found), [pair[i] for pair in found.values()], "o-")
    axes.set(xscale="log", ylabel=name)
panels[1].set_xlabel("training rows")
panels[1].set_xticks(list(found), [f"{n:,}" for n in found], rotation=45)
panels[1].minorticks_off()
plt.show()

# %%
# Two others for each fraud rank nearly as well as fifty. Probabilities want more: ten or twenty. The rest
# of the rows buys nothing here. How many are enough depends on how varied the large class is: look at
# your own curve.
