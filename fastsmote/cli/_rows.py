"""What a method makes of a table: the numbers of the rows that stay or are copied, and the new rows.

So whatever stands beside the table goes along: the text of a CSV file, columns that are not measured.
"""

import secrets
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import fastsmote
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._methods import copies_rows, function_of, takes
from fastsmote.cli._show import mistakes


def resampled_rows(
    table: pa.Table, label: int, method: str, options: dict[str, Any]
) -> tuple[pa.ChunkedArray | pa.Array | None, pa.Table]:
    """Rows that stay, None for all of them, and new rows in the schema of ``table``, to be put behind."""
    row = SAMPLERS[method]
    if copies_rows(method):
        name = table.column_names[label]
        numbered = pa.table({f"row of {name}": np.arange(table.num_rows), name: table.column(label)})
        return _result(numbered, 1, method, options).column(0), table.slice(0, 0)
    if row.kind == "over":
        return _grown(table, label, method, options)
    if row.kind == "under" and row.new_values:
        return _centroids(table, label, method, options)
    if row.kind == "combine":
        return _combined(table, label, method, options)
    return _kept(table, label, method, options), table.slice(0, 0)


def _result(table: pa.Table, label: int, method: str, options: dict[str, Any]) -> pa.Table:
    """Rows of the result in the schema of ``table``."""
    name = table.column_names[label]
    with mistakes(f"{method} by column {name!r}: "):
        X, y = function_of(method)(table.drop_columns([name]), table.column(label), **options)
    columns = X.columns
    columns.insert(label, y)
    return pa.Table.from_arrays(columns, schema=table.schema)


def _centroids(
    table: pa.Table, label: int, method: str, options: dict[str, Any]
) -> tuple[pa.Array, pa.Table]:
    """Rows of the classes that keep all, as they are, then the centres of the others."""
    result = _result(table, label, method, options)
    before, after = (_counts(one.column(label)) for one in (table, result))
    whole = [value for value, count in before.items() if after.get(value) == count]
    kind = table.schema.field(label).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    y = table.column(label).cast(kind)
    kept = pc.indices_nonzero(pc.is_in(y, pa.array(whole, kind)))
    return kept, result.slice(len(kept))


def _seeded(options: dict[str, Any]) -> dict[str, Any]:
    """The options with a seed, where several calls have to draw the same."""
    return options | {"random_state": secrets.randbits(32)} if options["random_state"] is None else options


def _grown(
    table: pa.Table, label: int, method: str, options: dict[str, Any]
) -> tuple[pa.Array | None, pa.Table]:
    """The rows of the file that stay, and the new rows that do: which do is drawn by counts alone."""
    options = _seeded(options)
    result = _result(table, label, method, options)
    if options.get("under_strategy") is None:
        return None, result.slice(table.num_rows)
    y = table.select([label])
    draws = {key: options[key] for key in ("random_state", "n_jobs")}
    grown, _ = fastsmote.random_over_sample(
        y, y.column(0), sampling_strategy=options["sampling_strategy"], **draws
    )
    kept = fastsmote.select.random_under_sample(
        grown, grown.column(0), sampling_strategy=options["under_strategy"], **draws
    )
    old = kept[kept < table.num_rows]
    return pa.array(old), result.slice(len(old))


def _combined(table: pa.Table, label: int, method: str, options: dict[str, Any]) -> tuple[pa.Array, pa.Table]:
    """What the cleaner keeps of the rows of the file and of those that smote adds."""
    options = _seeded(options)
    kept = _kept(table, label, method, options)
    of_smote = {key: value for key, value in options.items() if takes("smote", key)}
    grown = _result(table, label, "smote", of_smote)
    is_new = pc.greater_equal(kept, table.num_rows)
    return kept.filter(pc.invert(is_new)), grown.take(kept.filter(is_new))


def _kept(table: pa.Table, label: int, method: str, options: dict[str, Any]) -> pa.Array:
    """The rows that an under-sampler or a cleaner keeps."""
    name = table.column_names[label]
    X, y = table.drop_columns([name]), table.column(label)
    with mistakes(f"{method} by column {name!r}: "):
        if method == "instance_hardness_threshold":
            return pa.array(_kept_by_hardness(X, y, options))
        return pa.array(getattr(fastsmote.select, method)(X, y, **options))


def _kept_by_hardness(X: pa.Table, y: pa.ChunkedArray, options: dict[str, Any]) -> np.ndarray:
    """The rows that a random forest finds easiest. Row numbers go along as a column that it does not see."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline

    n, d = X.shape
    matrix = np.column_stack([np.arange(n), *(column.to_numpy() for column in X.columns)]).astype(np.float64)
    seed = options["random_state"]
    forest = RandomForestClassifier(random_state=None if seed is None else seed % 2**32)
    features = make_column_transformer(("passthrough", slice(1, d + 1)))
    kept, _ = function_of("instance_hardness_threshold")(
        matrix, y, make_pipeline(features, forest), **options
    )
    return kept[:, 0].astype(np.int64)


def _counts(y: pa.ChunkedArray) -> dict[Any, int]:
    return {pair["values"]: pair["counts"] for pair in pc.value_counts(y).to_pylist()}
