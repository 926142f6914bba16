"""Probabilities: how well they fit outcomes, how to mend them, and losses that a model can be fitted by.

What comes in is one probability or score per row, or one per class, beside outcomes or priors. Faces
above the room are ``fastsmote.calibration``, ``fastsmote.priors`` and ``fastsmote.losses``; each of their
functions is one call into a file here. The room stands on ``_core``, on the kernels of
``_kernels.probability`` and, for sorted scores, on ``_metrics``; ``_diagnosis`` and adapters may use it,
``_metrics`` and ``_sampling`` do not.

Read in this order:

* ``inputs``: what users pass, read once: a table of numbers, probabilities, rows with outcomes and
  weights. Nothing below it looks at a container.
* ``bins`` (with ``percentiles``) and ``sums``: bins of the probability, and sums over them that are
  exact, so that chunks, threads and the order of rows change no bit. ``reliability`` reads curves, errors
  and scores off these sums, ``stream`` keeps them between chunks.
* ``calibrators``: the maps from scores to probabilities; ``fits`` has the functions that make them, and
  ``logistic``, ``isotonic`` and ``temperature`` find their parameters.
* ``prior_inputs``, ``priors``, ``prior_search``: priors as users name them, probabilities under other
  priors, and the most likely prior of rows without labels.
* ``losses``: the focal loss and its derivatives (gamma = 0 is cross-entropy); ``objectives`` hands them
  to LightGBM and XGBoost.

To add a score that bins tell, add a function to ``reliability`` that takes ``Moments``, and its name to
``StreamingCalibration``. To add a calibrator: a frozen class in ``calibrators``, its ``fit_`` function in
``fits``, the search for its parameters in a file of its own, both names in ``fastsmote.calibration`` and
in ``fastsmote/__init__.pyi``. Its oracle is a page of plain Python in ``tests/reference/probability``.
"""
