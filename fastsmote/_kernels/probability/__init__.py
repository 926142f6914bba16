"""Calibration, priors and losses: one pass over probabilities or raw scores each.

``_probability`` calls these kernels for ranges of rows. Probabilities are (n,), of the positive class, or
(n, n_classes); what is wrong with them is found by ``_kernels.scan``.

In which order to read:

* ``calibration``: exact sums per bin (an order of rows does not show in them), losses of rows, and the sums
  that logistic fits and temperatures need;
* ``priors``: probabilities under other priors, and the sums that the search for the most likely prior needs;
* ``losses``: focal loss, its gradient and its hessian, with exp and log written out for vector registers.

A sum that must not depend on the order of rows goes into layers of integers (``calibration.add_exact``); one
that must not depend on threads only is added up per fixed block, and over blocks by the caller.
"""
