"""
Which threshold costs least?
============================

A missed fraud costs 100, a false alert 5. The threshold is chosen on rows held back, and what it costs is
looked up on rows that nothing has seen.
"""

import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote
from fastsmote import plot

X, y = fastsmote.make_fraud(40_000, fraud_rate=0.01, random_state=0)
train, held, test = slice(0, 20_000), slice(20_000, 30_000), slice(30_000, None)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(X[train], y[train])
score_held, score = (model.predict_proba(X[part])[:, 1] for part in (held, test))

sweep = fastsmote.confusion_sweep(y[held], score_held)
choice = fastsmote.cost_threshold(sweep, cost_fp=5, cost_fn=100)
print(f"threshold {choice.threshold:.3f}: {choice.alerts:.0f} alerts, recall {choice.recall:.2f}")

# %%
# Precision and recall move against each other; 0.5 is one place among many.

plot.thresholds(sweep, choice=choice, title="On the rows held back")
plt.show()

# %%
# What each threshold would have cost on the rows that nothing has seen:

seen = fastsmote.confusion_sweep(y[test], score)
costs = seen.cost(5, 100)
figure, axes = plt.subplots(layout="constrained")
axes.plot(seen.thresholds, costs, drawstyle="steps-post")
for threshold, name in ((0.5, "0.5"), (choice.threshold, "chosen")):
    cost = costs[seen.thresholds >= threshold][-1]
    axes.plot(threshold, cost, "o", color="C1")
    axes.annotate(f"{name}: {cost:,.0f}", (threshold, cost), (8, 8), textcoords="offset points")
axes.set(xscale="log", xlabel="threshold", ylabel="cost of mistakes", xlim=(1e-3, 2), ylim=(0, 8_000))
plt.show()
