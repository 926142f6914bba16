"""Files larger than memory: block by block, with the rows, advice and counts that whole tables would give.

Needs pyarrow: ``pip install "fastsmote[cli]"``.
"""

import os
from contextlib import nullcontext
from typing import Any, Literal

from fastsmote._core.extras import require
from fastsmote._core.typing import Label, Progress, RandomState
from fastsmote._diagnosis.advice import Advice

require("cli", "fastsmote.files", "pyarrow")

from fastsmote.files import _advise, _scores
from fastsmote.files._run import ResampledFile, run
from fastsmote.files._scores import StreamingSweep, Sweep

__all__ = ["ResampledFile", "advise", "confusion_sweep", "resample", "streaming_sweep"]


def advise(
    source: Any,
    *,
    target: str,
    model: Literal["linear", "trees", "neural"] | None = None,
    n_neighbors: int = 5,
    memory_limit: int | str = "2GB",
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Advice:
    """Say what to do about the imbalance of a table that does not fit into memory.

    The advice is that of :func:`fastsmote.advice.advise` for the whole table, findings and all.

    Parameters
    ----------
    source : path, list of paths, pyarrow.dataset.Dataset, RecordBatchReader or polars.LazyFrame
        As for :func:`fastsmote.files.resample`. A temporary file goes to the system's folder for these.
    target : str
        The column of labels. All others are features.
    model, n_neighbors, n_jobs
        As for :func:`fastsmote.advice.advise`.
    memory_limit : int or str, default "2GB"
        As for :func:`fastsmote.files.resample`. Half of it must hold 18 bytes for each row, and 48 more for
        rows outside the largest class; a quarter the different values of columns that are no numbers.
    progress : callable, optional
        Called as ``progress(done, total)`` with the rows that were read so far, in all passes.

    Returns
    -------
    fastsmote.advice.Advice

    Raises
    ------
    ValueError, TypeError
        What :func:`fastsmote.advice.advise` refuses; files of different columns; a ``memory_limit`` that is
        too small.
    OSError
        A file that can not be read.

    See Also
    --------
    fastsmote.advice.advise : The same in memory.
    fastsmote.files.resample : What it may recommend.

    Notes
    -----
    The labels are read once and all columns three times: to count rows that are equal, to gather the rows
    that are looked at, and to find what is nearest to these. Equal rows are told by 64 bits of a hash; in
    memory rows of equal hashes are compared. Among 40,000,000 different rows two have the same hash in one
    table of 23,000.

    Examples
    --------
    >>> import fastsmote, pyarrow, pyarrow.parquet
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> table = pyarrow.table({"amount": X[:, 0], "age": X[:, 1], "fraud": y})
    >>> pyarrow.parquet.write_table(table, "payments.parquet")
    >>> fastsmote.files.advise("payments.parquet", target="fraud").action
    'weights'
    """
    return _advise.run(source, target, model, n_neighbors, memory_limit, n_jobs, progress)


def confusion_sweep(
    source: Any,
    *,
    y_true: str,
    y_score: str,
    pos_label: Label | None = None,
    sample_weight: str | None = None,
    memory_limit: int | str = "2GB",
    progress: Progress | None = None,
) -> Sweep:
    """Count true and false positives and negatives at every threshold, of columns larger than memory.

    Parameters
    ----------
    source : path, list of paths, pyarrow.dataset.Dataset, RecordBatchReader or polars.LazyFrame
        As for :func:`fastsmote.files.resample`. Columns that are not named here are not read (of CSV they are
        split into cells), and do not go to the temporary file, which is in the system's folder.
    y_true : str
        The column of labels, of at most two classes, or of more with a ``pos_label``.
    y_score : str
        The column of finite scores; a higher score means "more likely positive".
    pos_label : int, float, bool or str, default=None
        The positive label. None means 1 where the labels are within {0, 1} or {-1, 1}.
    sample_weight : str, default=None
        The column of weights. Rows of weight 0 are left out with their scores. None counts rows.
    memory_limit : int or str, default "2GB"
        As for :func:`fastsmote.files.resample`. Three quarters of it must hold 80 bytes for each different
        score, or for each row where these have weights.
    progress : callable, optional
        Called as ``progress(done, total)`` with the rows that were read so far, in both passes.

    Returns
    -------
    Sweep
        The bits of :func:`fastsmote.confusion_sweep` for the whole columns. Rates and areas are its
        attributes, so that no curve needs a function of its own.

    Raises
    ------
    ValueError, TypeError
        What :func:`fastsmote.confusion_sweep` refuses; no column of that name; a ``memory_limit`` that is too
        small.
    OSError
        A file that can not be read.

    See Also
    --------
    fastsmote.confusion_sweep : Of rows in memory.
    fastsmote.files.streaming_sweep : In constant memory, with bounds of both areas.
    fastsmote.best_threshold, fastsmote.cost_threshold : Choose a threshold of the sweep.

    Notes
    -----
    The labels are read once, then labels, scores and weights. O(n log n) time.

    Examples
    --------
    >>> import fastsmote, pyarrow, pyarrow.parquet
    >>> table = pyarrow.table({"fraud": [0, 0, 1, 1], "p": [0.1, 0.4, 0.35, 0.8], "note": ["", "", "", "x"]})
    >>> pyarrow.parquet.write_table(table, "scored.parquet")
    >>> sweep = fastsmote.files.confusion_sweep("scored.parquet", y_true="fraud", y_score="p")
    >>> sweep.thresholds, sweep.tps, sweep.roc_auc
    (array([0.8 , 0.4 , 0.35, 0.1 ]), array([1, 1, 2, 2]), 0.75)
    """
    return _scores.sweep(source, y_true, y_score, pos_label, sample_weight, memory_limit, progress)


def streaming_sweep(
    source: Any,
    *,
    y_true: str,
    y_score: str,
    pos_label: Label | None = None,
    sample_weight: str | None = None,
    memory_limit: int | str = "2GB",
    progress: Progress | None = None,
) -> StreamingSweep:
    """A stream that has met the labels and scores of files: bounds and a sweep in constant memory.

    Parameters
    ----------
    source, y_true, y_score, pos_label, progress
        As for :func:`fastsmote.files.confusion_sweep`; integer scores within 2**53.
    sample_weight : str, default=None
        The column of weights, 0 or from 1e-75 to 1e75, which are added up without rounding.
    memory_limit : int or str, default "2GB"
        As for :func:`fastsmote.files.resample`. It sizes the blocks alone.

    Returns
    -------
    fastsmote.streaming.StreamingSweep
        In the state of one that was given all rows.

    Raises
    ------
    ValueError, TypeError
        What ``StreamingSweep.update`` refuses; no column of that name; a ``memory_limit`` that is too small.
    OSError
        A file that can not be read.

    See Also
    --------
    fastsmote.streaming.StreamingSweep : What it can tell, and go on to count.
    fastsmote.files.confusion_sweep : Exact at every score.

    Notes
    -----
    The labels are read once, then labels, scores and weights. O(1) time a row; some 0.5 MiB, with weights
    three times as much.

    Examples
    --------
    >>> import fastsmote, pyarrow, pyarrow.parquet
    >>> table = pyarrow.table({"fraud": [0, 0, 1, 1], "p": [0.1, 0.4, 0.35, 0.8]})
    >>> pyarrow.parquet.write_table(table, "scored.parquet")
    >>> stream = fastsmote.files.streaming_sweep("scored.parquet", y_true="fraud", y_score="p")
    >>> low, high = stream.roc_auc_bounds()
    >>> low <= 0.75 <= high
    True
    """
    return _scores.stream(source, y_true, y_score, pos_label, sample_weight, memory_limit, progress)


def resample(
    source: Any,
    out: str | os.PathLike[str],
    *,
    target: str,
    method: str,
    memory_limit: int | str = "2GB",
    random_state: RandomState = None,
    progress: Progress | None = None,
    **options: Any,
) -> ResampledFile:
    """Resample a table that does not fit into memory, from file to file.

    The rows are those that the function of the same name gives for the whole table with the same
    ``random_state``: the rows that stay, in order, then the new ones.

    Parameters
    ----------
    source : path, list of paths, pyarrow.dataset.Dataset, RecordBatchReader or polars.LazyFrame
        Files that end in .parquet or in .csv, all of the same columns and types: a file, a folder, a pattern
        such as ``"big/*.parquet"``, or a list of these; folders and patterns are read in the order of their
        names. Names that begin with . or _ are left out, unless the path or the pattern says so. A Dataset is
        read in its order, of Parquet in whole groups of rows, two at a time, which ``memory_limit`` does not
        count: name the files where these are large. A reader or another Arrow stream, which can be read only
        once, and a lazy frame, which would be computed for each pass, are written to a temporary file beside
        ``out`` first.

        The types of a CSV file are found by pyarrow in its first block: 007 becomes 7, and a later cell of
        another type is an error. A Dataset says what they are, and is the way for other delimiters and
        encodings, for .csv.gz and .tsv: ``pyarrow.dataset.dataset("in.csv", format="csv", schema=...)``. A
        label that is empty, or one of pyarrow's words for missing values, such as NA, is refused. In text
        features these words stay.

        Folders that are called ``key=value`` give no column: ``pyarrow.dataset.dataset("big",
        partitioning="hive")`` does.
    out : path
        A .parquet or .csv file. It is written beside its place under another name, and put there, in place of
        a file of that name, when it is complete. It may be one of the source's that was named, but none
        that a folder or a pattern finds.
    target : str
        The column of labels. All others are features.
    method : str
        "random_under_sample", "random_over_sample", "smote", "smotenc", "adasyn", "borderline_smote",
        "tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule", "near_miss", "smote_tomek"
        or "smote_enn".
    memory_limit : int or str, default "2GB"
        Bytes that the process may have in memory, as a number of at least 500,000,000 or as a text with a
        unit, such as "800MB", "1.5GiB" or "2G". It sizes the blocks. Rows of the classes that get new rows
        must fit into half of it, four times over; for near_miss those of the smallest class; for adasyn,
        borderline_smote and cleaners all rows but those of the largest class, and for the editing ones those
        of it that lie among the others. For smote_tomek and smote_enn new rows must fit too, some six times
        over: ask for few by ``sampling_strategy``.
    random_state : int, Generator, RandomState or SeedSequence, optional
        Seed; the same rows for the same seed.
    progress : callable, optional
        Called as ``progress(done, total)`` with the rows that were read or made so far, in all passes.
    **options
        Further parameters of the method, as on whole tables: ``sampling_strategy``, but no function of y;
        ``k_neighbors``, ``n_neighbors``, ``m_neighbors``; ``kind``, but only "borderline-1"; ``version``, but
        only 1 and 2; ``categorical_features``; ``kind_sel``; ``threshold_cleaning``; ``min_count``;
        ``columns``; ``replacement``; ``n_jobs``.

    Returns
    -------
    ResampledFile
        The path, ``counts_before`` and ``counts_after``.

    Raises
    ------
    ValueError
        What the method refuses in a whole table, such as missing values, fewer than two classes or too few
        rows of one; another method or suffix; files of different columns; a ``memory_limit`` that is too
        small. Where a row is named, its number may be counted from the first row of its block, and the
        message says which that is.
    TypeError
        An option that needs all labels in memory, such as ``groups`` or ``sample_weight``; a source of
        another kind.
    OSError
        A file that can not be read or written; nothing was changed then.

    See Also
    --------
    fastsmote.smote, fastsmote.random_under_sample, fastsmote.tomek_links : The same in memory.

    Notes
    -----
    The labels are read once to count them, and all columns once to copy the rows that stay. In between, all
    columns are read once more to find the rows of some classes (not for random_under_sample); once more for
    adasyn, borderline_smote and near_miss, to find what of the largest class is near them; for
    edited_nearest_neighbours and neighbourhood_cleaning_rule three times, for the few, the rows that the few
    and their block do not prove to stay, and these beside all other blocks (with ``min_count`` the rule needs
    up to two more, for other rows that go); and for tomek_links four times, for the few, the nearest row of
    each, these, and whether another is nearer to them. smote_tomek and smote_enn read as the cleaner that
    they end with. Of Parquet files the first pass reads one column. Reading, computing and writing overlap.
    Of the largest class no more than some blocks, and what lies among the others, is ever in memory, and of a
    plan no more than a slice, unless new rows are cleaned. Time is linear in the rows, but for the searches
    within the classes that get new rows.

    Examples
    --------
    >>> import fastsmote, pyarrow, pyarrow.parquet
    >>> X, y = fastsmote.make_fraud(1000, fraud_rate=0.05, random_state=0)
    >>> table = pyarrow.table({"amount": X[:, 0], "age": X[:, 1], "fraud": y})
    >>> pyarrow.parquet.write_table(table, "payments.parquet")
    >>> done = fastsmote.files.resample(
    ...     "payments.parquet", "balanced.parquet", target="fraud", method="smote", random_state=0
    ... )
    >>> done.counts_before, done.counts_after
    ({0: 950, 1: 50}, {0: 950, 1: 950})
    """
    return run(source, out, target, method, memory_limit, random_state, progress, options, nullcontext)
