"""From file to file: Parquet of 30 columns of float32, beside a plain copy by pyarrow."""

import itertools
import tempfile
from pathlib import Path

import numpy as np

from .common import found, fraud, later, peak_of, sizes

fastsmote = later("fastsmote")
_GROUP = 262_144  # rows


def _copy(source, out, n_rows):
    """Read all rows, and write as many as the method does: the first ones, or all and some of them again."""
    parquet = found("pyarrow.parquet")
    read = list(parquet.ParquetFile(source).iter_batches(_GROUP))
    with parquet.ParquetWriter(out, read[0].schema) as writer:
        for batch in itertools.cycle(read):
            writer.write_batch(batch.slice(0, n_rows))
            n_rows -= batch.num_rows
            if n_rows <= 0:
                break


class Resample:
    """0.173 % of the rows are rare, which smote and random over-sampling bring to as many as the others."""

    covers = ("files.resample",)
    reference = "pyarrow's copy of what is read and written"
    params = (
        ["fastsmote", "pyarrow"],
        [
            "random_under_sample",
            "random_over_sample",
            "smote",
            "adasyn",
            "near_miss",
            "tomek_links",
            "edited_nearest_neighbours",
        ],
        sizes(20_000, 1_000_000),
    )
    param_names = ("library", "method", "rows")
    timeout = 900

    def setup(self, library, method, rows):
        pyarrow, parquet = found("pyarrow"), found("pyarrow.parquet")
        found("fastsmote.files")
        X, y = fraud(rows, 30, 0.00173)
        columns = {f"x{j}": np.ascontiguousarray(column, np.float32) for j, column in enumerate(X.T)}
        self.table = pyarrow.table(columns | {"y": y})
        self.folder = tempfile.TemporaryDirectory()
        self.source, self.out = (Path(self.folder.name) / name for name in ("in.parquet", "out.parquet"))
        parquet.write_table(self.table, self.source, row_group_size=_GROUP)
        n_rare = int(y.sum())
        cleans = method in {"tomek_links", "edited_nearest_neighbours"}
        written = {"random_under_sample": 2 * n_rare, "near_miss": 2 * n_rare}
        self.n_written = rows if cleans else written.get(method, 2 * (rows - n_rare))
        self.seed = {} if cleans or method == "near_miss" else {"random_state": 0}

    def teardown(self, library, method, rows):
        self.folder.cleanup()

    def _run(self, library, method):
        if library == "pyarrow":
            return _copy(self.source, self.out, self.n_written)
        return fastsmote.files.resample(self.source, self.out, target="y", method=method, **self.seed)

    def time_resample(self, library, method, rows):
        self._run(library, method)

    def track_peak(self, library, method, rows):
        return peak_of(lambda: self._run(library, method))[1]

    track_peak.unit = "bytes"

    def track_rows_that_differ(self, library, method, rows):
        """Cells that are not those of the function for whole tables."""
        self._run("fastsmote", method)
        X, y = self.table.drop_columns(["y"]), self.table.column("y")
        expected = getattr(fastsmote, method)(X, y, **self.seed)[0]
        actual = found("pyarrow.parquet").read_table(self.out).drop_columns(["y"])
        return sum(int((a.to_numpy() != e.to_numpy()).sum()) for a, e in zip(actual, expected, strict=True))


class Advise:
    """Advice on a file of 0.173 % rare rows, beside the same in memory."""

    covers = ("files.advise",)
    reference = "advice.advise of the table in memory"
    params = (["blocks", "memory"], sizes(20_000, 1_000_000))
    param_names = ("way", "rows")
    timeout = 900

    def setup(self, way, rows):
        pyarrow, parquet = found("pyarrow"), found("pyarrow.parquet")
        found("fastsmote.files", "advise")
        X, y = fraud(rows, 30, 0.00173)
        columns = {f"x{j}": np.ascontiguousarray(column, np.float32) for j, column in enumerate(X.T)}
        self.folder = tempfile.TemporaryDirectory()
        self.source = Path(self.folder.name) / "in.parquet"
        parquet.write_table(pyarrow.table(columns | {"y": y}), self.source, row_group_size=_GROUP)

    def teardown(self, way, rows):
        self.folder.cleanup()

    def _run(self, way):
        if way == "blocks":
            return fastsmote.files.advise(self.source, target="y")
        table = found("pyarrow.parquet").read_table(self.source)
        return fastsmote.advice.advise(table.drop_columns(["y"]), table.column("y"))

    def time_advise(self, way, rows):
        self._run(way)

    def track_peak(self, way, rows):
        return peak_of(lambda: self._run(way))[1]

    track_peak.unit = "bytes"

    def track_findings_that_differ(self, way, rows):
        """From those in memory."""
        one, other = self._run(way).findings, self._run("memory").findings
        return sum(a != b for a, b in zip(one, other, strict=True))


class Sweep:
    """Sweeps, exact and streaming, of scores that differ: two columns among 32."""

    covers = ("files.confusion_sweep", "files.streaming_sweep")
    reference = "confusion_sweep and StreamingSweep of the two columns in memory"
    params = (["blocks", "memory"], ["exact", "streaming"], sizes(20_000, 4_000_000))
    param_names = ("way", "kind", "rows")
    timeout = 900

    def setup(self, way, kind, rows):
        pyarrow, parquet = found("pyarrow"), found("pyarrow.parquet")
        found("fastsmote.files", "confusion_sweep")
        rng = np.random.default_rng(0)
        other = {f"x{j}": rng.random(rows).astype(np.float32) for j in range(30)}
        columns = {"y": (rng.random(rows) < 0.00173).astype(np.int8), "score": rng.random(rows)}
        self.folder = tempfile.TemporaryDirectory()
        self.source = Path(self.folder.name) / "in.parquet"
        parquet.write_table(pyarrow.table(columns | other), self.source, row_group_size=_GROUP)

    def teardown(self, way, kind, rows):
        self.folder.cleanup()

    def _run(self, way, kind):
        if way == "blocks":
            function = {
                "exact": fastsmote.files.confusion_sweep,
                "streaming": fastsmote.files.streaming_sweep,
            }[kind]
            return function(self.source, y_true="y", y_score="score", pos_label=1)
        table = found("pyarrow.parquet").read_table(self.source, columns=["y", "score"])
        y, scores = table.columns
        if kind == "exact":
            return fastsmote.confusion_sweep(y, scores, pos_label=1)
        return fastsmote.StreamingSweep(pos_label=1).update(y, scores)

    def time_sweep(self, way, kind, rows):
        self._run(way, kind)

    def track_peak(self, way, kind, rows):
        return peak_of(lambda: self._run(way, kind))[1]

    track_peak.unit = "bytes"

    def track_counts_that_differ(self, way, kind, rows):
        """From those in memory."""
        sweeps = [self._run(one, kind) for one in (way, "memory")]
        if kind == "streaming":
            sweeps = [stream.compute() for stream in sweeps]
        return sum(int((a != b).sum()) for a, b in zip(*sweeps, strict=True))
