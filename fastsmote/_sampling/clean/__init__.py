"""Cleaners: rows that contradict their neighbours go, however many these are.

``tomek`` removes links, ``editing`` rows that their neighbours outvote, in one round or several, and
``min_count`` says how many rows of each class must stay, which go first where not all may, and what is warned
of. Read ``min_count`` first: it holds the arguments that all cleaners share and how X and y are read.

Each function that a face calls returns a ``Selection`` of ascending row numbers (``find_links`` the pairs
themselves). A new cleaner is a function that says which rows may go and how entangled each is;
``within_min_count`` does the rest.
"""
