"""``fastsmote resample``: a file in, a file out, by way of Arrow tables.

The method says which rows stay and which are new (``_rows``). Rows that stay have all that they had: from CSV
to CSV their text, and columns that ride along.
"""

import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import fastsmote
from fastsmote.cli._cells import formatted_as_read, quoted_as_read
from fastsmote.cli._columns import check_csv, check_features, nearly_numbers
from fastsmote.cli._methods import check_installed, columns_of, copies_rows, neighbors_option, takes
from fastsmote.cli._print import Grid, Report
from fastsmote.cli._read import Data, read
from fastsmote.cli._rows import resampled_rows
from fastsmote.cli._show import StepBar, UserError, complain, seconds
from fastsmote.cli._source import STANDARD, Dialect, is_text_file, open_source
from fastsmote.cli._write import check_out, replacing, write

SHARES = {"share": fastsmote.Share, "prior": fastsmote.Prior}  # of the smallest class, as text
_MAX_CLASSES = 20  # lines of the summary
_MOST_DIGITS = 18  # of a number of rows that 64 bits hold


def resample_file(
    source: Path,
    out: Path,
    *,
    target: str,
    method: str,
    sampling_strategy: str,
    under_strategy: str | None,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    carry: str | None,
    categorical: str | None,
    dialect: Dialect,
    n_jobs: int | None,
    force: bool,
    report: Report,
) -> None:
    """Read, resample, write, and say how many rows each class had and has."""
    place = open_source(source, dialect)
    check_out(out, force)
    report.aside = out == STANDARD
    check_installed(method)
    given = _strategies(method, sampling_strategy, under_strategy)
    options = options_of(method, k_neighbors, min_count, random_state, n_jobs)
    written = dialect.written(place, out)
    start = time.perf_counter()
    with StepBar(report.quiet) as steps:
        steps.start(f"reading {source.name}")
        data = read(place, target, carry, categorical)
        keep_text = data.cells is not None and is_text_file(out)
        _check(data, method, typed=not keep_text)
        table, label = data.measured
        name, y = table.column_names[label], table.column(label)
        options |= {key: of_labels(one, y, name, option) for key, (option, one) in given.items()}
        progress = steps.start(method)
        if takes(method, "progress"):
            options["progress"] = progress
        kept, new = resampled_rows(table, label, method, options)
        stays = y if kept is None else y.take(kept)
        y_resampled = pa.chunked_array([*stays.chunks, *new.column(label).chunks], y.type)
        resampled = _with_rows(data, kept, new, written) if keep_text else _typed(data, kept, new)
        progress = steps.start(f"writing {out.name}")
        with replacing(out) as file:
            write(resampled, file, out, written, keep_text, progress)
    spent = time.perf_counter() - start
    before, after = _counts(y), _counts(y_resampled)
    facts = {
        "method": method,
        "source": str(source),
        "out": str(out),
        "target": name,
        "rows": table.num_rows,
        "rows_after": resampled.num_rows,
        "classes": [
            {"label": text, "rows": count, "rows_after": after.get(text, 0)} for text, count in before.items()
        ],
        "seconds": spent,
    }
    words = f"{method}: {table.num_rows:,} rows -> {resampled.num_rows:,} rows in {seconds(spent)}: {out}"
    report.say(facts, summary(before, after, name), words)


def _check(data: Data, method: str, typed: bool) -> None:
    check_features(data, columns_of(method))
    check_csv(data, typed=typed or not copies_rows(method))
    if not copies_rows(method):
        for words in nearly_numbers(data):
            complain(f"Warning: {words}")


def _strategies(method: str, over: str, under: str | None) -> dict[str, tuple[str, Any]]:
    """Option and value of the parameters that say how many rows there are."""
    given = {"sampling_strategy": ("--sampling-strategy", parse_strategy(over))}
    if under is None:
        return given
    option = "--under-strategy"
    if not takes(method, "under_strategy"):
        raise UserError(f"{option} is for methods that add rows. Got --method {method}; leave it out.")
    return given | {"under_strategy": (option, parse_strategy(under, option))}


def parse_strategy(text: str, option: str = "--sampling-strategy") -> Any:
    """A float, Share or Prior, a JSON object with a count per label, a JSON list of labels, or a name."""
    word, colon, share = text.partition(":")
    if colon and word in SHARES:
        try:
            return SHARES[word](float(share))
        except ValueError:
            raise UserError(
                f"{option} {word}:X takes the share of the smallest class afterwards, 0 < X < 1, such as "
                f"{word}:0.2. Got {text!r}."
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
            f"{option} must be a name, a number or JSON such as "
            f"""'{{"fraud": 5000}}'. Got {_start(text)} ({str(error)[:200]})."""
        ) from None
    if isinstance(strategy, list):
        return [label if isinstance(label, str) else json.dumps(label) for label in strategy]
    for label, count in strategy.items():
        if not isinstance(count, int) or isinstance(count, bool):
            raise UserError(
                f"{option} must name whole numbers of rows. Got {_start(json.dumps(count))} for {label!r}."
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


def of_labels(strategy: Any, y: pa.ChunkedArray, name: str, option: str = "--sampling-strategy") -> Any:
    """JSON spells labels as text: replaced by the labels of the column."""
    if isinstance(strategy, dict):
        return _with_labels(strategy, y, name, option)
    if isinstance(strategy, list):
        return list(_with_labels(dict.fromkeys(strategy), y, name, option))
    return strategy


def _with_labels(strategy: dict[str, Any], y: pa.ChunkedArray, name: str, option: str) -> dict[Any, Any]:
    labels: dict[str, Any] = {}
    for label in pc.unique(y).to_pylist():
        labels |= {str(label): label, json.dumps(label, default=str): label}
    unknown = [key for key in strategy if key not in labels]
    if unknown:
        known = sorted({repr(label) for label in labels.values()})
        quotes = any("'" in str(label) or '"' in str(label) for label in labels.values())
        hint = " The quotes inside a label are part of it: write them in the JSON key." if quotes else ""
        raise UserError(
            f"{option}: column {name!r} has no label {unknown[0]!r}; its labels are {', '.join(known)}.{hint}"
        )
    return {labels[key]: count for key, count in strategy.items()}


def options_of(
    method: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    n_jobs: int | None,
) -> dict[str, Any]:
    """Options of the command as keywords of the method."""
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
    if not (text.isascii() and text.isdecimal()):
        return text
    if len(text) > _MOST_DIGITS:
        raise UserError(f"--min-count is a number of rows. Got one of {len(text):,} digits.")
    return int(text)


def _with_rows(
    data: Data, kept: pa.ChunkedArray | pa.Array | None, new: pa.Table, written: Dialect
) -> pa.Table:
    """The text of the rows that stay, and of new ones, where columns that ride along are missing."""
    cells = quoted_as_read(data, written)
    rows = cells if kept is None else cells.take(kept)
    return pa.concat_tables([rows, formatted_as_read(_beside_carried(data, new), data, written)])


def _typed(data: Data, kept: pa.ChunkedArray | pa.Array | None, new: pa.Table) -> pa.Table:
    """The same with the types of the file, for a CSV file those that its text has."""
    rows = data.table if kept is None else data.table.take(kept)
    return data.typed(pa.concat_tables([rows, _beside_carried(data, new)]), any_new=new.num_rows > 0)


def _beside_carried(data: Data, new: pa.Table) -> pa.Table:
    for i in sorted(set(data.carried)):
        new = new.add_column(i, data.table.field(i), pa.nulls(new.num_rows, data.table.schema.types[i]))
    return new


def _counts(y: pa.ChunkedArray) -> dict[str, int]:
    """Rows of each label, as text, the most frequent first."""
    pairs = sorted(pc.value_counts(y).to_pylist(), key=lambda pair: -pair["counts"])
    return {str(pair["values"]): pair["counts"] for pair in pairs}


def summary(before: dict[str, int], after: dict[str, int], name: str) -> Grid:
    """Rows of the most frequent classes, before and after."""
    more = len(before) - _MAX_CLASSES
    caption = f"and {more:,} more classes" if more > 0 else ""
    grid = Grid(name, "rows before", "rows after", caption=caption)
    for label in list(before)[:_MAX_CLASSES]:
        grid.add(label, f"{before[label]:,}", f"{after.get(label, 0):,}")
    return grid
