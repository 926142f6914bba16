"""Which kernels are called for which types, seen in the calls of the record of results.

``python tests/contract/signatures.py --write`` writes ``fastsmote/_kernels/signatures.json`` anew. Calls are
made as they are and once more with float32 in place of float64.
"""

import contextlib
import functools
import importlib
import inspect
import itertools
import json
import math
import pkgutil
import sys
import tempfile
import warnings
from pathlib import Path

import dask
import dask.array
import dask.dataframe
import numpy as np
import pandas as pd
import scipy.sparse

sys.path.insert(0, str(Path(__file__).parents[1]))

import fastsmote
from fastsmote import imblearn as dropin
from fastsmote._blocks.samplers import BLOCK_SAMPLERS
from fastsmote._core import allowance
from fastsmote._kernels import jit, signatures
from fastsmote._neighbors import bits, few

Called = tuple[str, str]  # the name of a kernel, and its types as JSON


class Calls:
    """Kernels that were called, in order, and by which public function."""

    def __init__(self) -> None:
        self.by_function: dict[str, dict[Called, None]] = {}
        self.functions: set[str] = set()
        self.function = ""  # at work: none, where a drop-in or an estimator is

    def watch_kernels(self) -> None:
        """Tell of each call of a kernel from Python."""
        signatures.load_kernels()
        for name, dispatcher in jit.KERNELS.items():
            dispatcher.__class__ = self._watched(name, type(dispatcher))

    def _watched(self, name: str, kind: type) -> type:
        calls = self

        class Watched(kind):
            def __call__(self, *args):
                words = [signatures.spell(self.typeof_pyval(arg)) for arg in args]
                calls.by_function.setdefault(calls.function, {})[name, json.dumps(words)] = None
                return super().__call__(*args)

        return Watched

    def watch_functions(self, modules) -> None:
        """Know which public function, or class, is at work: the outermost one."""
        for module in modules:
            face = module.__name__.removeprefix("fastsmote.")
            for name in module.__all__:
                what = getattr(module, name)
                if inspect.isfunction(what):
                    setattr(module, name, self._named(f"{face}.{name}", what))
                elif inspect.isclass(what) and what.__module__ == module.__name__:
                    self._watch_class(f"{face}.{name}", what)

    def _watch_class(self, name, owner) -> None:
        for key, what in list(vars(owner).items()):
            if inspect.isfunction(what) and (not key.startswith("_") or key in ("__init__", "__call__")):
                setattr(owner, key, self._named(name, what))
            elif isinstance(what, property):
                setattr(owner, key, property(self._named(name, what.fget)))

    def _named(self, name, function):
        self.functions.add(name)

        @functools.wraps(function)
        def named(*args, **options):
            if self.function:
                return function(*args, **options)
            self.function = name
            try:
                for kinds in ([_as_float32], [_as_bits], [_as_bits, _as_float32]):
                    with contextlib.suppress(Exception):
                        changed = zip(options, _as(kinds, options.values()), strict=True)
                        function(*_as(kinds, args), **dict(changed))
                return function(*args, **options)
            finally:
                self.function = ""

        return named


def _as(kinds, values):
    """The values, as one kind after the other."""
    for kind in kinds:
        values = [kind(value) for value in values]
    return values


def _as_bits(value):
    """Zeros and ones in place of a table."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.ndim == 2:
        return (value > np.median(value)).astype(np.float64)
    return value


def _as_float32(value):
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return value.astype(np.float32)
    if scipy.sparse.issparse(value):
        return value.astype(np.float32)
    if isinstance(value, pd.DataFrame):
        return value.astype(dict.fromkeys(value.columns[value.dtypes == np.float64], np.float32))
    return value


def _more_calls(X, y) -> None:
    """What the record does not call: data that come in other ways."""
    fastsmote.smotenc(np.rint(X), y, categorical_features=[0, 2])
    for kind in (np.int32, np.int64):
        sparse = scipy.sparse.csr_array(X)
        sparse.indices, sparse.indptr = sparse.indices.astype(kind), sparse.indptr.astype(kind)
        fastsmote.smote(sparse, y)
        fastsmote.random_over_sample(sparse, y)
        fastsmote.kmeans_smote(sparse, y)
        fastsmote.cluster_centroids(sparse, y, voting="soft")
    words = scipy.sparse.csr_matrix(X)
    for sampler in (dropin.SMOTE, dropin.BorderlineSMOTE, dropin.ADASYN):
        sampler(random_state=0).fit_resample(words, y)
    dropin.SMOTENC(categorical_features=[0], random_state=0).fit_resample(np.rint(X), y)
    rng = np.random.default_rng(0)  # many rows, whose scores are dealt into runs
    y_true, scores = rng.random(300_000) < 0.1, rng.random(300_000)
    for curve in (fastsmote.roc_curve, fastsmote.precision_recall_curve, fastsmote.det_curve):
        curve(y_true, scores)
        curve(y_true, scores, sample_weight=scores)
    for area in (fastsmote.roc_auc_score, fastsmote.average_precision_score, fastsmote.confusion_sweep):
        area(y_true, scores)
        area(y_true, scores, sample_weight=scores)
    for fit in (fastsmote.fit_isotonic, fastsmote.fit_platt, fastsmote.fit_beta, fastsmote.fit_temperature):
        fit(y_true, scores)
        fit(y_true, scores, sample_weight=scores)
    fastsmote.bootstrap_interval(y_true, scores, n_resamples=3, random_state=0)
    index = fastsmote.NeighborIndex(X.astype(np.float32), y)
    index.query(X[:50], 3)
    index.farthest(X[:50], 3)


def _calls_on_blocks(calls: Calls, X, y) -> None:
    """Files and partitions, whose computing comes after the call."""
    nominal = {"categorical_features": [0]}
    with tempfile.TemporaryDirectory() as folder:
        X_of_bits = (np.median(X) < X).astype(np.float64)
        for kind, table in itertools.product((np.float64, np.float32), (np.rint(X), X_of_bits)):
            source, out = Path(folder, f"{kind.__name__}.parquet"), Path(folder, "out.parquet")
            frame = pd.DataFrame(table.astype(kind)).rename(columns=str).assign(y=y)
            frame.to_parquet(source, row_group_size=300)
            for method in BLOCK_SAMPLERS:
                options = {"categorical_features": ["0"]} if method == "smotenc" else {}
                fastsmote.files.resample(source, out, target="y", method=method, **options)
            parts = dask.array.from_array(table.astype(kind), (300, -1)), dask.array.from_array(y, 300)
            for name in BLOCK_SAMPLERS:
                lazy = getattr(fastsmote.dask, name)(*parts, **(nominal if name == "smotenc" else {}))
                calls.function = f"dask.{name}"
                dask.compute(*lazy, scheduler="sync")
                calls.function = ""
            frame = dask.dataframe.from_pandas(frame.assign(kind=np.where(y == 0, "a", "b")), npartitions=3)
            with dask.config.set(scheduler="sync"):
                fastsmote.dask.leakage_report(parts[0], parts[0] + 1e-3)
                fastsmote.dask.leakage_report(frame, frame.assign(**{"0": frame["0"] + 1e-3}))


def seen() -> signatures.Signatures:
    """What is called today."""
    allowance.is_at_hand = lambda *_: True  # few rows take the way of many
    bits._LEAST = 1
    calls = Calls()
    calls.watch_kernels()
    names = [module.name for module in pkgutil.iter_modules(fastsmote.__path__)]
    faces = [name for name in names if not name.startswith("_") and name not in ("cli", "compiled")]
    calls.watch_functions([importlib.import_module(f"fastsmote.{name}") for name in faces])
    from contract import record

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for steps in (-math.inf, few.STEPS):  # few rows have leaves, then they have none
            few.STEPS = steps
            for name in record.CALLS:
                record.outcome(name)
            _more_calls(*record.blobs(3, 900, 5))
            _calls_on_blocks(calls, *record.blobs(3, 900, 5))
    order = sorted({called for used in calls.by_function.values() for called in used})
    return signatures.Signatures(
        [(name, json.loads(words)) for name, words in order],
        {
            function: sorted(order.index(called) for called in calls.by_function.get(function, ()))
            for function in sorted(calls.functions)
        },
    )


def main() -> None:
    """Write the file, or tell what is not as in it."""
    found = seen()
    if "--write" in sys.argv:
        lines = ",\n".join(json.dumps(list(entry)) for entry in found.signatures)
        functions = ",\n".join(f'"{name}": {used}' for name, used in found.functions.items())
        text = f'{{"signatures": [\n{lines}\n],\n"functions": {{\n{functions}\n}}}}\n'
        signatures.FILE.write_text(text, "utf-8")
        return
    known = signatures.stored()
    now, then = ({json.dumps(entry) for entry in held.signatures} for held in (found, known))
    for sign, entries in (("+", now - then), ("-", then - now)):
        print(*(f"{sign} {entry}" for entry in sorted(entries)), sep="\n", end="")
    if (now, found.functions) != (then, known.functions):
        sys.exit("fastsmote/_kernels/signatures.json is out of date: run this with --write")


if __name__ == "__main__":
    main()
