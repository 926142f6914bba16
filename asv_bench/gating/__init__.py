"""The parts of ``gate.py``, in the order of its work.

* ``builds``: two commits become two folders to import from.
* ``worker``: the process that imports one of them and runs benchmarks when it is told to.
* ``rounds``: two workers at a time, fresh in each round, in turns; what they measured.
* ``evidence``: what the rounds say, with which error rates.
* ``table``: what is printed and kept.
"""
