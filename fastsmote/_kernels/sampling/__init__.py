"""New rows from plans, and the passes of under-samplers.

``_sampling`` calls these kernels for ranges of new rows; what imbalanced-learn does in its own way
(``segment``, ``shuffle``) the drop-ins call. Which rows a plan has is drawn by ``_kernels.draw``.

In which order to read:

* ``interpolate``: plans resolved to rows of X, points between two rows, and noise;
* ``sparse_rows``: the same points for sparse rows, twice over: once for their lengths, once for their values,
  with those of ``segment`` too;
* ``constrain``: what is declared about columns, applied to new rows;
* ``vote``: the category that most neighbours have;
* ``centroids``: seeds of clusters, and distances within them;
* ``lloyd``: the nearest centre of each row, under bounds, and sums of clusters;
* ``sparse_centres``: all of k-means for sparse rows;
* ``condense``: the pass of condensed nearest neighbours;
* ``segment``, ``shuffle``: points and shuffles with the bits of NumPy, for the drop-ins.

A kernel that makes rows fills out[lo:hi] from row numbers, and stays within the two rows it lies between.
"""
