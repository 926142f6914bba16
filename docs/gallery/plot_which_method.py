"""
Which resampling is best for my data?
=====================================

Try them, within folds, and ask whether any difference is more than luck. Phoneme with its oral vowels made
rare, one in ten, and a tree: :func:`fastsmote.compare` resamples the training rows of each fold alone,
corrects the probabilities, chooses thresholds on other folds, and gives intervals that hold for all methods
together.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.tree import DecisionTreeClassifier

import fastsmote

table = np.loadtxt(Path("../data/phoneme.csv.gz"), delimiter=",", skiprows=1)
X, y = table[:, :-1], table[:, -1].astype(int)
X, y = fastsmote.make_imbalance(X, y, sampling_strategy={1: 424}, random_state=0)

found = fastsmote.compare(
    X,
    y,
    estimators=DecisionTreeClassifier(min_samples_leaf=10),
    samplers=["class_weight", "random_over_sample", "random_under_sample", "smote", "tomek_links"],
    metrics=["average_precision", "f1", "brier"],
    random_state=0,
)
print(found)

# %%
# The same as a picture, for each method the difference to the rows as they are. ``found.plot()`` draws
# curves of all methods, too.

figure, axes = plt.subplots(figsize=(5.2, 3.4), layout="constrained")
for place, row in enumerate(found.rows[1:]):
    value = row.values["average_precision"]
    axes.plot([value.low, value.high], [place, place], color="C0")
    axes.plot(value.difference, place, "o", color="C0")
axes.axvline(0, color="grey", linestyle=":")
axes.set_yticks(range(len(found.names) - 1), found.names[1:])
axes.invert_yaxis()
axes.set_xlabel("difference of average precision")
plt.show()

# %%
# For this tree nothing is better than the rows as they are with the threshold moved, and under-sampling
# is worse. "Nothing" is an answer that a table of single numbers would not have given: each of them
# differs.
