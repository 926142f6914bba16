"""What is wrong with a data set, or with its split: findings with evidence, never a change of the data.

Faces above the room are ``fastsmote.advice`` (what to do about an imbalance) and ``fastsmote.leakage``
(what a test part shares with the train part). It is the highest room: it may use ``_neighbors`` to
search, ``_sampling`` for plans and ``_core`` for tables; only its faces, and adapters through them, use
it.

Both questions go the same way. Tables become numbers, codes of categories and groups of equal rows
(``_core.equal_rows``); ``scale`` brings columns to one scale and takes samples without a draw; the
searches are exact, and no order of rows, or number of threads, decides anything. What comes out is a
record with arrays, whose ``str`` is the text for people.

Read for advice: ``findings`` (what is read from the data), ``rules`` (one table: when a rule holds, what
it says, why, and who says so), ``advice`` (the record, and how the rules make it). Read for leaks:
``split`` (what the user knows of the two parts), ``leakage`` (the searches: equal rows, near rows, rows
on lines, links of a plan), ``report`` (the record, and how the searches come together).

To add a rule, add a row to ``rules.RULES`` with its sources; a fact that it needs becomes a field or
property of ``Findings``, with its oracle in ``tests/reference``. To add a kind of leak, add a search to
``leakage`` that returns a record, its arrays to ``LeakageReport``, a line to its text, and its rows to
``leaking_rows``.
"""
