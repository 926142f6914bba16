"""Resampling: a decision that is small, and its application, which is only memory traffic.

The faces ``fastsmote.oversample``, ``borderline``, ``undersample``, ``cleaning``, ``resample``, ``plan``,
``select`` and ``weights`` stand above this room, each function with one call into it. ``_diagnosis`` and the
drop-in classes use it too. It imports ``_core``, ``_neighbors`` and the kernels of ``_kernels.sampling``, and
knows nothing of metrics.

A function that decides takes X and y as users have them and returns a record that holds what was read of
them: ``OverSampling`` (a request and a plan), ``Selection`` (rows that stay) or ``Replacement`` (rows that
stay, and centres). ``.resampled()`` on the record applies it; nothing is read or checked twice.

Read in this order:

1. ``registry``: all samplers, a row each, which tests, the command and the documentation read.
2. ``shares``, ``strategy``: ``sampling_strategy`` to counts per class. ``result``: what samplers return.
3. ``over/``: over-samplers, from the request to the plan to its rows.
4. ``apply``: the records, and how they become containers again.
5. ``clean/`` and ``under/``: which rows stay. ``combine``: SMOTE, then a cleaner.
6. ``reweight``: weights of classes and rows, where no row is made or taken.

To add a sampler: its decision in a file of ``over/``, ``under/`` or ``clean/``; its row in ``registry``; its
function in the face that the row names; and the function of the same name in ``plan.py`` or ``select/``.
``docs/CONTRIBUTING.md`` shows one; a missing part fails ``tests/contract/test_registry.py``.
"""
