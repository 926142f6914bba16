"""What users gave becomes what kernels read, once: tables, labels, scores, weights, seeds, and all messages.

Every room above imports this one; it imports the kernels, and narwhals for frames. Faces take types from
``typing`` and nothing else.

Past this room a matrix is C-contiguous, native, read-only float32 or float64 without NaN, labels are int64
codes with their classes, and nothing is looked at again. Words of errors are made here: the parameter, what
is allowed, what was given, what to do.

Read in this order:

1. ``typing``: what users may pass, and what arrays of rows, codes and numbers are called.
2. ``containers`` and ``tables``: a thing is asked once what it is. A ``Container`` gives rows of its kind
   back, a ``Table`` also its columns, names and types. ``values``: what the numbers of a column are, and what
   computed ones become there. ``growth``: rows behind those of a table. ``foreign``: what is neither, read
   once or refused.
3. ``check``: matrices, integers, numbers, words and seeds. ``labels``: y as codes. ``intake``: X and y
   together, the record that a sampler's decision carries along. ``categories``: values of any kind as codes.
4. ``scores``, ``weights`` and ``rows``: the same for metrics, with their record ``ScoredRows``.
5. ``threads``: how blocks of work go to threads. The grid of blocks belongs to the problem, so that results
   do not depend on their number. ``crew``: threads that stay for the jobs of one call. ``draw``: random rows,
   by a generator that counts. ``allowance``: when NumPy answers a small question whose kernels would have to
   be compiled. ``warming`` and ``compilers``: kernels compiled ahead of the first call, by several processes.
6. ``equal_rows``: which rows of some tables are equal. ``sparse_matrix``: sparse rows as kernels take them;
   ``sparse_structure``: whether they stay within themselves; ``sparse_rows``: some of them. ``sole_use``:
   objects of one thread at a time. ``freeze``, ``public``, ``serialize``, ``display`` (what results show of
   themselves), ``warn``, ``extras`` (what is not installed): small tools, each with its reason.

A new container goes into ``containers`` and ``tables``, with its case in ``tests/core`` and in
``tests/contract/test_agnostic.py``; a new check into ``check``, beside the one that is most like it. What one
room alone needs stays in that room.
"""
