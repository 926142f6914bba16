"""Choosing a threshold from a sweep: by a metric, by costs, or under a constraint.

Every cut point is looked at: each distinct score, and "no row is positive" (threshold infinity). Metrics are
evaluated in float64; cut points within rounding of the best are compared as fractions of integers, which
tells those that are exactly as good from those that are nearly so, for counts up to 2**53. Of equally
good cut points the highest threshold is taken: it raises the fewest alerts. With weights, the sums of
weights are compared as they stand in the sweep; costs count as the float64 that they are.
"""

from fastsmote._metrics.choice import ThresholdChoice
from fastsmote._metrics.decisions import Savings
from fastsmote.thresholds._choices import best_threshold, calibrated_threshold, cost_threshold, threshold_at
from fastsmote.thresholds._decisions import (
    class_thresholds,
    cost_decisions,
    row_cost_threshold,
    savings,
    threshold_decisions,
)

__all__ = [
    "Savings",
    "ThresholdChoice",
    "best_threshold",
    "calibrated_threshold",
    "class_thresholds",
    "cost_decisions",
    "cost_threshold",
    "row_cost_threshold",
    "savings",
    "threshold_at",
    "threshold_decisions",
]
