"""
What does my threshold cost when frauds become rarer?
=====================================================

The model was tested where one payment in a hundred was a fraud. Recall and the rate of false alarms do not
depend on that share, precision and cost do: the record of one test set can be turned to any other share.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import fastsmote

X, y = fastsmote.make_fraud(60_000, fraud_rate=0.01, random_state=0)
train = slice(0, 20_000)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(X[train], y[train])
score = model.predict_proba(X[20_000:])[:, 1]
sweep = fastsmote.confusion_sweep(y[20_000:], score)
here = fastsmote.cost_threshold(sweep, cost_fp=5, cost_fn=100)
print(f"chosen at 1 %: {here.threshold:.3f}, recall {here.recall:.2f}, precision {here.precision:.2f}")

# %%
# Cost of 10,000 payments: with the threshold kept, with one chosen anew for each share, and without any
# model.

shares = np.geomspace(0.0002, 0.05, 40)
turned = [sweep.at_prevalence(share, 10_000) for share in shares]
kept = [record.at(here.threshold) for record in turned]
anew = [fastsmote.cost_threshold(record, cost_fp=5, cost_fn=100) for record in turned]

figure, (upper, lower) = plt.subplots(2, 1, figsize=(5.2, 5.6), sharex=True, layout="constrained")
upper.plot(shares, [5 * cut.fp + 100 * cut.fn for cut in kept], "--", label="threshold kept")
upper.plot(shares, [choice.value for choice in anew], label="chosen anew")
upper.plot(shares, 100 * 10_000 * shares, ":", color="grey", label="no alerts at all")
upper.set(yscale="log", ylabel="cost of 10,000 payments")
lower.plot(shares, [cut.precision for cut in kept], "--", label="threshold kept")
lower.plot(shares, [choice.precision for choice in anew], label="chosen anew")
lower.set(xscale="log", xlabel="share of frauds", ylabel="precision", ylim=(0, 1.05))
for ax in (upper, lower):
    ax.axvline(0.01, color="grey", linewidth=0.8)
lower.annotate("tested here", (0.01, 0.03), (4, 0), textcoords="offset points")
lower.xaxis.set_major_formatter(PercentFormatter(1))
upper.legend()
plt.show()

# %%
# Where frauds are ten times rarer, the kept threshold costs as much as no alerts at all: nearly every
# alert is false. Where the share in production is not known, :func:`fastsmote.estimate_prior` finds it
# from scores without labels.
