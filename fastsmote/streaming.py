"""Threshold sweeps of streams: constant memory, exact merging, certified scores.

A :class:`StreamingSweep` counts rows in bins: the leading 22 bits of the float64 score (sign, exponent, 10
bits of the fraction), in an order that follows the scores. So no range has to be known, a bin is narrower
than 0.1 % of the scores in it, and the counts at its lower edge are those of the exact sweep.
Sums of weights are integers too: nothing is rounded before a result is.

**Bounds.** Let bins come by descending score; T and F are the positives and negatives before a bin, p and n
those in it, P and N all of them (rows, or weights).

*ROC AUC* is the share of (positive, negative) pairs in the right order, ties half. A pair from two bins is
decided. A pair within one counts from 0 to 1, so AUC lies between sum p (N - F - n) / (P N) and that plus
sum p n / (P N). These are fractions of integers, rounded once, downwards and upwards.

*Average precision* is the mean over positives of the precision at their own score. At the score of a positive
in the bin, true positives are at most T + p and false ones at least F, which bounds the bin's part from above
by p (T + p) / (T + p + F). For a bound from below let the positives of the bin descend, ties in any order: at
the score of positive j of p, true positives are at least T + j and false ones at most F + n. With g(t) =
t / (t + F + n) the part is at least sum g(T + j). Positives of unknown weights add up to t, and g rises, so
their sum is at least the integral of g from T to T + p. g is concave: on each of 8 stretches of the
positives, the sum (or integral) is at least their number (or weight) times the mean of g at both ends.

*Rounding.* All these are sums of terms that are not negative. A term takes integers to float64 (relative
error u = 2**-53 each), at most two quotients, a sum and a product, which leaves a relative error below 7 u;
``math.fsum`` rounds their sum once, and the division by P adds 2 u. The bounds are moved outwards by 16 u.
Weights lie between 1e-75 and 1e75, so no term is subnormal or infinite.

In a bin of one score both bounds are the exact part: that is what a second pass,
:meth:`StreamingSweep.refine`, makes of the bins in which rows collide. Where positives are few,
:class:`PositiveRanking` is exact in memory that grows with them alone.
"""

from fastsmote._metrics.positive_ranking import PositiveRanking
from fastsmote._metrics.refined import RefinedSweep
from fastsmote._metrics.stream import StreamingSweep

__all__ = ["PositiveRanking", "RefinedSweep", "StreamingSweep"]
