"""Compiled loops: the only folder, with ``_jit``, that knows numba.

A kernel is a pure loop over a range ``[lo, hi)``: arrays in, results written into arrays that the
caller allocated. It checks nothing and draws nothing from outside, so one thread, many threads and
a block-by-block run give the same bits.
"""
