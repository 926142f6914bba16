"""Benchmarks of samplers: the function beside the class of imbalanced-learn that the registry names."""

from importlib import import_module
from typing import Any

import numpy as np

import fastsmote
from fastsmote._sampling.registry import SAMPLERS
from fastsmote.cli._peers import FASTSMOTE, Arrays, Build, Call, Keep, Peer, Subject

_FOLDERS = {
    "over": "over_sampling",
    "under": "under_sampling",
    "clean": "under_sampling",
    "combine": "combine",
}
_INTELEX = ("imblearn", "sklearnex")


def sampler_that_draws(
    name: str, *, intelex: bool = False, table: str = "fraud", max_rows: int | None = None, **options: Any
) -> Subject:
    """A sampler that draws random numbers: numbers of rows are compared."""
    options |= {"random_state": 0}
    peers = [
        Peer(FASTSMOTE, (), _function(name, False, options)),
        Peer("imbalanced-learn", ("imblearn",), _class_of_imblearn(name, False, False, options)),
    ]
    if intelex:
        build = _class_of_imblearn(name, True, False, options)
        peers.append(Peer("imbalanced-learn + sklearnex", _INTELEX, build))
    return Subject(table, tuple(peers), _compare_n_rows, max_rows)


def sampler_that_keeps(
    name: str,
    *,
    intelex: bool = False,
    table: str = "fraud",
    max_rows: int | None = None,
    peer_max_rows: int | None = None,
    **options: Any,
) -> Subject:
    """A sampler without random numbers: the rows that stay are compared."""
    build = _class_of_imblearn(name, False, True, options)
    peers = [
        Peer(FASTSMOTE, (), _function(name, True, options)),
        Peer("imbalanced-learn", ("imblearn",), build, peer_max_rows),
    ]
    if intelex:
        build = _class_of_imblearn(name, True, True, options)
        peers.append(Peer("imbalanced-learn + sklearnex", _INTELEX, build))
    return Subject(table, tuple(peers), _compare_kept, max_rows)


def _function(name: str, kept_rows: bool, options: dict[str, Any]) -> Build:
    def build() -> tuple[Call, Keep]:
        def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
            if kept_rows:
                return {"kept": getattr(fastsmote.select, name)(X, y, **options)}
            return _n_rows(result)

        function = getattr(fastsmote, name)
        return lambda X, y: function(X, y, **options), keep

    return build


def _class_of_imblearn(name: str, intelex: bool, kept_rows: bool, options: dict[str, Any]) -> Build:
    row = SAMPLERS[name]
    class_name = row.drop_in
    assert class_name is not None

    def build() -> tuple[Call, Keep]:
        if intelex:
            from sklearnex import patch_sklearn

            patch_sklearn(verbose=False)
        sampler = getattr(import_module(f"imblearn.{_FOLDERS[row.kind]}"), class_name)(**options)

        def keep(result: Any, X: np.ndarray, y: np.ndarray) -> Arrays:
            return {"kept": np.asarray(sampler.sample_indices_)} if kept_rows else _n_rows(result)

        return sampler.fit_resample, keep

    return build


def _n_rows(result: Any) -> Arrays:
    return {"n_rows": np.array([len(result[1])])}


def _compare_n_rows(actual: Arrays, peer: Arrays) -> str:
    difference = int(actual["n_rows"][0] - peer["n_rows"][0])
    return "same number of rows" if difference == 0 else f"{difference:+,} rows"


def _compare_kept(actual: Arrays, peer: Arrays) -> str:
    return f"{len(np.setxor1d(actual['kept'], peer['kept'])):,} kept rows differ"
