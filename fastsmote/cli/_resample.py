"""``fastsmote resample``: a file in, a file out, by way of Arrow tables.

From CSV to CSV the rows that stay keep their text: the cells of the file go beside the table of numbers, and
the method says which rows stay (``_kept``) and which are new.
"""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import fastsmote
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._cells import formatted
from fastsmote.cli._methods import (
    check_installed,
    columns_of,
    copies_rows,
    function_of,
    neighbors_option,
    takes,
)
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import check_csv, check_source, check_table, read
from fastsmote.cli._show import Steps, UserError, mistakes, seconds
from fastsmote.cli._write import check_out, replacing, write

_MAX_CLASSES = 20  # lines of the summary
_MOST_DIGITS = 18  # of a number of rows that 64 bits hold


def resample_file(
    source: Path,
    out: Path,
    *,
    target: str,
    method: str,
    sampling_strategy: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    header: bool,
    n_jobs: int | None,
    force: bool,
    report: Report,
) -> None:
    """Read, resample, write, and say how many rows each class had and has."""
    check_source(source, header)
    check_out(out, force)
    check_installed(method)
    given = parse_strategy(sampling_strategy)
    options = _options(method, k_neighbors, min_count, random_state, n_jobs)
    start = time.perf_counter()
    with Steps(report.quiet) as steps:
        steps.start(f"reading {source.name}")
        table, label, cells = read(source, target, header)
        keep_text = cells is not None and out.suffix.lower() == ".csv"
        check_table(table, label, columns_of(method))
        if cells is not None:
            check_csv(table, cells, label, typed=not keep_text or not copies_rows(method))
        y = table.column(label)
        options["sampling_strategy"] = _of_labels(given, y, table.column_names[label])
        progress = steps.start(method)
        if takes(method, "progress"):
            options["progress"] = progress
        if cells is not None and keep_text:
            y_resampled, resampled = _resample_cells(table, cells, label, method, options)
        else:
            resampled = _resample(table, label, method, options)
            y_resampled = resampled.column(label)
        progress = steps.start(f"writing {out.name}")
        with replacing(out) as file:
            write(resampled, file, out.suffix.lower(), header, keep_text, progress)
    spent = time.perf_counter() - start
    before, after = _counts(y), _counts(y_resampled)
    facts = {
        "method": method,
        "source": str(source),
        "out": str(out),
        "target": table.column_names[label],
        "rows": table.num_rows,
        "rows_after": resampled.num_rows,
        "classes": [
            {"label": text, "rows": count, "rows_after": after.get(text, 0)} for text, count in before.items()
        ],
        "seconds": spent,
    }
    words = f"{method}: {table.num_rows:,} rows -> {resampled.num_rows:,} rows in {seconds(spent)}: {out}"
    report.say(facts, _summary(before, after, table.column_names[label]), words)


def parse_strategy(text: str) -> Any:
    """A float, a Share, a JSON object with a count per label, a JSON list of labels, or a name, as text."""
    if text.startswith("share:"):
        try:
            return fastsmote.Share(float(text.removeprefix("share:")))
        except ValueError:
            raise UserError(
                "--sampling-strategy share:X takes the share of the smallest class afterwards, 0 < X < 1, "
                f"such as share:0.2. Got {text!r}."
            ) from None
    try:
        return float(text)
    except ValueError:
        pass
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        strategy = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"--sampling-strategy must be a name, a number or JSON such as "
            f"""'{{"fraud": 5000}}'. Got {_start(text)} ({str(error)[:200]})."""
        ) from None
    if isinstance(strategy, list):
        return [label if isinstance(label, str) else json.dumps(label) for label in strategy]
    for label, count in strategy.items():
        if not isinstance(count, int) or isinstance(count, bool):
            raise UserError(
                f"--sampling-strategy must name whole numbers of rows. Got {_start(json.dumps(count))} for "
                f"{label!r}."
            )
    return strategy


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise ValueError(f"it names {name!r} more than once")
        given[name] = value
    return given


def _start(text: str, most: int = 80) -> str:
    return repr(text) if len(text) <= most else f"{text[:most]!r}..."


def _of_labels(strategy: Any, y: pa.ChunkedArray, name: str) -> Any:
    """JSON spells labels as text: replaced by the labels of the column."""
    if isinstance(strategy, dict):
        return _with_labels(strategy, y, name)
    if isinstance(strategy, list):
        return list(_with_labels(dict.fromkeys(strategy), y, name))
    return strategy


def _with_labels(strategy: dict[str, Any], y: pa.ChunkedArray, name: str) -> dict[Any, Any]:
    labels: dict[str, Any] = {}
    for label in pc.unique(y).to_pylist():
        labels |= {str(label): label, json.dumps(label, default=str): label}
    unknown = [key for key in strategy if key not in labels]
    if unknown:
        known = sorted({repr(label) for label in labels.values()})
        quotes = any("'" in str(label) or '"' in str(label) for label in labels.values())
        hint = " The quotes inside a label are part of it: write them in the JSON key." if quotes else ""
        raise UserError(
            f"--sampling-strategy: column {name!r} has no label {unknown[0]!r}; its labels are "
            f"{', '.join(known)}.{hint}"
        )
    return {labels[key]: count for key, count in strategy.items()}


def _options(
    method: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    n_jobs: int | None,
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if k_neighbors is not None:
        name = neighbors_option(method)
        if name is None:
            raise UserError(
                f"--k-neighbors is for methods that look at neighbours. Got --method {method}; leave it out."
            )
        options[name] = k_neighbors
    if min_count is not None:
        if not takes(method, "min_count"):
            raise UserError(f"--min-count is for cleaners. Got --method {method}; leave it out.")
        options["min_count"] = _number_of_rows(min_count)
    for name, value in (("random_state", random_state), ("n_jobs", n_jobs)):
        if takes(method, name):
            options[name] = value
    return options


def _number_of_rows(text: str) -> int | str:
    """A count, or the word that the method knows."""
    if not text.isdecimal():
        return text
    if len(text) > _MOST_DIGITS:
        raise UserError(f"--min-count is a number of rows. Got one of {len(text):,} digits.")
    return int(text)


def _resample(table: pa.Table, label: int, method: str, options: dict[str, Any]) -> pa.Table:
    """Rows of the result in the schema of ``table``."""
    name = table.column_names[label]
    if method == "instance_hardness_threshold":
        return table.take(_kept(table, label, method, options))
    with mistakes(f"{method} by column {name!r}: "):
        X, y = function_of(method)(table.drop_columns([name]), table.column(label), **options)
    columns = X.columns
    columns.insert(label, y)
    return pa.Table.from_arrays(columns, schema=table.schema)


def _resample_cells(
    table: pa.Table, cells: pa.Table, label: int, method: str, options: dict[str, Any]
) -> tuple[pa.ChunkedArray, pa.Table]:
    """Labels and cells of the result: the text of the file, and new numbers in shortest form."""
    if copies_rows(method):
        name = table.column_names[label]
        numbered = pa.table({f"row of {name}": np.arange(table.num_rows), name: table.column(label)})
        resampled = _resample(numbered, 1, method, options)
        return resampled.column(1), cells.take(resampled.column(0))
    row = SAMPLERS[method]
    if row.kind == "over":
        grown = _resample(table, label, method, options)
        return grown.column(label), _with_new(cells, grown.slice(table.num_rows))
    if row.kind == "under" and row.new_values:
        return _centroid_cells(table, cells, label, method, options)
    kept = _kept(table, label, method, options)
    if row.kind == "combine":  # kept are rows of the file and of what smote adds
        of_smote = {key: value for key, value in options.items() if takes("smote", key)}
        table = _resample(table, label, "smote", of_smote)
        cells = _with_new(cells, table.slice(cells.num_rows))
    return table.column(label).take(kept), cells.take(kept)


def _with_new(cells: pa.Table, new: pa.Table) -> pa.Table:
    return pa.concat_tables([cells, formatted(new)])


def _centroid_cells(
    table: pa.Table, cells: pa.Table, label: int, method: str, options: dict[str, Any]
) -> tuple[pa.ChunkedArray, pa.Table]:
    """Rows of the classes that keep all, as they are, then the centres of the others."""
    result = _resample(table, label, method, options)
    before, after = (_counts(one.column(label)) for one in (table, result))
    whole = pa.array([text for text, count in before.items() if after.get(text) == count], pa.string())
    kept = cells.filter(pc.is_in(table.column(label), whole))  # labels of a CSV file are text
    return result.column(label), _with_new(kept, result.slice(kept.num_rows))


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


def _counts(y: pa.ChunkedArray) -> dict[str, int]:
    """Rows of each label, as text, the most frequent first."""
    pairs = sorted(pc.value_counts(y).to_pylist(), key=lambda pair: -pair["counts"])
    return {str(pair["values"]): pair["counts"] for pair in pairs}


def _summary(before: dict[str, int], after: dict[str, int], name: str) -> Grid:
    more = len(before) - _MAX_CLASSES
    caption = f"and {more:,} more classes" if more > 0 else ""
    grid = Grid(name, "rows before", "rows after", caption=caption)
    for label in list(before)[:_MAX_CLASSES]:
        grid.add(label, f"{before[label]:,}", f"{after.get(label, 0):,}")
    return grid
