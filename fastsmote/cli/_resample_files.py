"""``fastsmote resample --memory-limit``: Parquet files of any size, block by block."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._columns import is_text
from fastsmote.cli._methods import takes
from fastsmote.cli._print import Report
from fastsmote.cli._read import listed
from fastsmote.cli._resample import of_labels, options_of, parse_strategy, summary
from fastsmote.cli._show import StepBar, UserError, finished, mistakes, seconds, undone_by_interrupt
from fastsmote.cli._source import STANDARD, suffix_of
from fastsmote.cli._write import check_out
from fastsmote.files._paths import check_apart
from fastsmote.files._run import LIBRARIES, check_memory, counted, run
from fastsmote.files._source import Rows, check_column, opened, readable

_INSTEAD = {  # of options that blocks do not have
    "--carry": "Leave it out where the table fits into memory; or write files without these columns; or pass "
    "polars.scan_parquet(...).drop(...) to fastsmote.files in Python.",
    "--categorical": "Leave one of the two out, or write these columns as text.",
}


def resample_files(
    sources: Sequence[Path],
    out: Path,
    *,
    target: str,
    method: str,
    memory_limit: str,
    sampling_strategy: str,
    k_neighbors: int | None,
    min_count: str | None,
    random_state: int | None,
    n_jobs: int | None,
    categorical: str | None,
    others: dict[str, Any],
    force: bool,
    report: Report,
) -> None:
    """Resample, and say how many rows each class had and has; ``others``: which other options were given."""
    _check_method(method)
    check_parquet((*sources, out), others)
    check_out(out, force)
    if categorical is not None and SAMPLERS[method].columns == "numbers":
        raise UserError(
            "--categorical is for --method smotenc, random_over_sample and random_under_sample. Got --method "
            f"{method}; leave it out, or use smotenc."
        )
    given = parse_strategy(sampling_strategy)
    options = options_of(method, k_neighbors, min_count, random_state, n_jobs)
    seed = options.pop("random_state", None)
    paths = [str(path) for path in sources]
    start = time.perf_counter()
    with StepBar(report.quiet, "rows") as steps, mistakes(f"{method} by column {target!r}: "):
        check_apart(paths, out)
        if categorical is not None and takes(method, "categorical_features"):
            options["categorical_features"] = _categories(categorical, paths, target, memory_limit)
        options["sampling_strategy"] = _of_labels(given, paths, target, memory_limit)
        progress = steps.start(method)
        done = run(paths, out, target, method, memory_limit, seed, progress, options, undone_by_interrupt)
    finished.append(str(out))
    spent = time.perf_counter() - start
    before, after = ({str(k): n for k, n in c.items()} for c in (done.counts_before, done.counts_after))
    before = dict(sorted(before.items(), key=lambda pair: -pair[1]))
    n_before, n_after = sum(before.values()), sum(after.values())
    facts = {
        "method": method,
        "source": paths,
        "out": str(out),
        "target": target,
        "rows": n_before,
        "rows_after": n_after,
        "classes": [{"label": k, "rows": n, "rows_after": after.get(k, 0)} for k, n in before.items()],
        "seconds": spent,
    }
    words = f"{method}: {n_before:,} rows -> {n_after:,} rows in {seconds(spent)}: {out}"
    report.say(facts, summary(before, after, target), words)


def _check_method(method: str) -> None:
    if method not in BLOCK_SAMPLERS:
        raise UserError(
            f"--memory-limit is for the methods {', '.join(BLOCK_SAMPLERS)}. Got --method {method}; leave "
            "--memory-limit out where the table fits into memory."
        )


def check_parquet(paths: Iterable[Path], others: dict[str, Any]) -> None:
    """Refuse what files that are read in blocks can not be; ``others``: options by their names."""
    for option, value in others.items():
        if value not in (None, False):
            remedy = _INSTEAD.get(option, "Leave one of the two out.")
            raise UserError(f"{option} does not go with --memory-limit. {remedy}")
    for path in paths:
        if path == STANDARD or suffix_of(path) in (".csv", ".tsv", ".data"):
            raise UserError(
                f"{path}: --memory-limit is for .parquet files: text keeps the form of its cells only where "
                "it is read as a whole. Leave --memory-limit out, or use fastsmote.files in Python, which "
                "reads and writes what cells mean."
            )


def _categories(names: str, paths: list[str], target: str, memory_limit: str) -> list[str]:
    """The columns that are named, and those of text, which are categories as they are."""
    asked = listed(names, "--categorical")
    if target in asked:
        raise UserError(f"--categorical: column {target!r} is the target; leave it out.")
    with opened(paths, check_memory(memory_limit) - LIBRARIES, Path()) as (schema, _):
        for name in asked:
            check_column(name, "--categorical", schema.names)
        features = [field for field in readable(schema) if field.name != target]
    return [field.name for field in features if field.name in asked or _holds_words(field.type)]


def _holds_words(kind: pa.DataType) -> bool:
    return is_text(kind) or pa.types.is_dictionary(kind)


def _of_labels(strategy: Any, paths: list[str], target: str, memory_limit: str) -> Any:
    """JSON spells labels as text; they are looked up where a strategy names any."""
    if not isinstance(strategy, dict | list):
        return strategy
    room = check_memory(memory_limit) - LIBRARIES
    with opened(paths, room, Path()) as (schema, read):
        labels = counted(Rows(schema, read, target, room), target).classes.tolist()
    return of_labels(strategy, pa.chunked_array([pa.array(labels)]), target)
