"""Tables, cut into files, and what the functions for whole tables make of them."""

import inspect
import re
import warnings
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import fastsmote

SELECTING = ("random_under_sample", "random_over_sample")
CLEANING = ("tomek_links", "edited_nearest_neighbours", "neighbourhood_cleaning_rule")
COMBINING = ("smote_tomek", "smote_enn")
METHODS = (*SELECTING, "smote", "smotenc", "adasyn", "borderline_smote", "near_miss", *CLEANING, *COMBINING)


def numbers(n, n_features=3, dtype=np.float32, seed=0, labels=("fine", "fraud"), share=0.2):
    """Rows of small whole numbers, so that distances tie and rows repeat; the first labels are rare ones."""
    rng = np.random.default_rng(seed)
    y = np.array(labels)[(rng.random(n) < share).astype(int) * rng.integers(1, len(labels), n)]
    y[: 8 * len(labels)] = np.repeat(labels, 8)
    columns = {f"x{j}": rng.integers(0, 4, n).astype(dtype) for j in range(n_features)}
    table = pa.table(columns)
    return table.add_column(1, "label", pa.array(y[rng.permutation(n)].tolist()))


def needed(method):
    """Options without which a method refuses a table of numbers."""
    return {"categorical_features": ["x1"]} if method == "smotenc" else {}


def drawing(method, options):
    """Without the seed, for a method that draws nothing; with categories, for one that needs some."""
    takes = inspect.signature(getattr(fastsmote, method)).parameters
    return needed(method) | {
        name: value for name, value in options.items() if name != "random_state" or name in takes
    }


def expected(table, method, target="label", **options):
    """The rows that the function gives for the whole table."""
    place = table.schema.get_field_index(target)
    X, y = getattr(fastsmote, method)(
        table.remove_column(place), table.column(place), **drawing(method, options)
    )
    return pa.Table.from_arrays(
        [*X.columns[:place], y, *X.columns[place:]], schema=table.schema.remove_metadata()
    )


def cut(table, ends):
    """The table as a Dataset of batches that end before these rows; equal ends make empty batches."""
    ends = [0, *sorted(min(end, table.num_rows) for end in ends), table.num_rows]
    parts = [table.slice(lo, hi - lo) for lo, hi in pairwise(ends)]
    batches = [
        batch
        for part in parts
        for batch in (part.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)])
    ]
    return ds.InMemoryDataset(batches, schema=table.schema)


def agree(table, source, folder, method, **options):
    """Whether a file of the table, in whatever form, gives the same rows and warnings, or refusal."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            whole = expected(table, method, **options)
        except RuntimeError as error:
            with pytest.raises(RuntimeError, match=re.escape(str(error))):
                resampled(source, folder, method, **options)
            return True
        n_warned = len(warned)
        actual = resampled(source, folder, method, **options)
    messages = [str(one.message) for one in warned]
    return actual.equals(whole) and messages[:n_warned] == messages[n_warned:]


def resampled(source, folder, method, **options):
    """What is in the file afterwards."""
    out = folder / "out.parquet"
    fastsmote.files.resample(source, out, target="label", method=method, **drawing(method, options))
    return pq.read_table(out)
