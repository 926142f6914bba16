"""Compiled loops: floor 1, the only folder that knows numba.

A kernel is a pure loop: arrays in, results written into arrays that the caller allocated. It raises nothing,
checks nothing, allocates nothing and starts no thread; what it draws is a function of (seed, stream, row,
draw). So one thread, many threads and a block-by-block run give the same bits.

Who may import it: the rooms above, each the topic of its own name (and what another topic's kernels share),
and adapters for loops that only they need. A kernel imports ``_kernels`` only.

In which order to read:

* ``jit``: the decorators ``kernel`` and ``inlined``; ``disk``: the folder and the files that machine code is
  kept in, and whom it is taken from; ``shipped``: machine code that came with the wheel; ``signatures``: for
  which types kernels are called, and to compile them before they are; ``interpreted``: kernels as Python, for
  coverage and debugging;
* ``random`` and ``draw``: the counter-based generator, and draws of rows, columns, weights and keys by it;
* ``scan``: the one room for looking at what comes in; it returns places, a caller makes errors of them;
* ``csr``: the record of sparse rows that several topics share;
* ``neighbors``, ``sampling``, ``metrics``, ``probability``, ``datasets``: one folder per topic.

How to add a kernel:

1. Put it into the folder of its topic. The name of a new file must be new in all of ``_kernels``: under
   FASTSMOTE_CACHE machine code of all files lies in one folder, by that name.
2. Let it work on the rows ``[lo, hi)`` and write ``out[lo:hi]``, so that ``run_ranges`` can deal out blocks.
   Sums must not depend on blocks: let them be integers, or of fixed blocks.
3. Take at most ten arguments. More become a record, a NamedTuple beside the kernel, which numba unpacks; to
   hand one over takes 0.6 us of each call (a plain tuple 0.1), as against 0.5 for a call with six arguments,
   and nothing in the loop. What may be None stays an argument: only then numba compiles a kernel without it.
4. Give scratch as an argument, from a ``new_...`` function beside the kernel.
5. Freeze inputs (read-only views) where callers pass both kinds: kernels are compiled for each kind of array.
6. Tests: the answer against an oracle in ``tests/reference``; ``tests/kernels`` looks at all sources.
"""
