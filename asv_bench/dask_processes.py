"""Dask in two processes beside the functions in memory: ``python asv_bench/dask_processes.py``, all quiet.

10,000,000 rows of 30 columns of float32 with 0.173 % rare rows, in 40 partitions that two processes of one
thread each hold in their memory. Prints medians of interleaved rounds: until the result is in the memory of
these processes, and of the function for the same rows in one piece, with two threads. Their numbers are
compared: what differs must be 0.
"""

import argparse
import inspect
import time
from functools import partial
from statistics import median

import numpy as np
from big_files import FEATURES, RATE, head, row

METHODS = ("smote", "tomek_links", "adasyn", "borderline_smote", "random_under_sample", "near_miss")


def part(i, n):
    import fastsmote

    X, y = fastsmote.make_fraud(n, FEATURES, fraud_rate=RATE, random_state=i)
    return np.ascontiguousarray(X, np.float32), y


def parts_of(client, sizes):
    """The table in the workers' memory: features and labels."""
    import dask
    import dask.array as da

    made = client.persist([dask.delayed(part, nout=2)(i, n) for i, n in enumerate(sizes)])
    columns = (
        da.concatenate([da.from_delayed(one[place], shape, dtype) for one, shape in shapes])
        for place, dtype, shapes in (
            (0, np.float32, [(one, (n, FEATURES)) for one, n in zip(made, sizes, strict=True)]),
            (1, np.int64, [(one, (n,)) for one, n in zip(made, sizes, strict=True)]),
        )
    )
    return client.persist(list(columns))


def timed(run):
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def same(rows):
    return rows


def there(client, function, parts, options, name):
    """Wait until the result is in the workers' memory; by this name nothing is found there from before."""
    import distributed

    named = [
        part.map_blocks(same, name=f"{name}-{place}", dtype=part.dtype) for place, part in enumerate(parts)
    ]
    made = client.persist(list(function(*named, **options)))
    distributed.wait(made)
    return made


def options_of(function):
    return {"random_state": 0} if "random_state" in inspect.signature(function).parameters else {}


def main():
    import distributed

    import fastsmote
    import fastsmote.dask

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--partitions", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--methods", default=",".join(METHODS))
    given = parser.parse_args()
    sizes = np.diff(np.linspace(0, given.rows, given.partitions + 1).astype(int)).tolist()
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=0)
    with cluster, distributed.Client(cluster) as client:
        X_parts, y_parts = parts_of(client, sizes)
        distributed.wait([X_parts, y_parts])
        X, y = map(np.array, client.gather(client.compute([X_parts, y_parts])))
        head("sampler", "two processes, s", "memory, two threads, s", "ratio", "values that differ")
        for method in given.methods.split(","):
            in_parts, whole = getattr(fastsmote.dask, method), getattr(fastsmote, method)
            options = options_of(whole)

            few = slice(0, 50_000)  # kernels are compiled, and loaded, before
            whole(X[few], y[few], **options)
            parts, rounds = (X_parts, y_parts), []
            there(client, in_parts, parts, options, f"{method}-before")
            for i in range(given.rounds):
                made = None
                first, made = timed(partial(there, client, in_parts, parts, options, f"{method}-{i}"))
                second, expected = timed(partial(whole, X, y, n_jobs=2, **options))
                rounds.append((first, second))
            differ = sum(
                int((np.asarray(a) != b).sum())
                for a, b in zip(client.gather(client.compute(made)), expected, strict=True)
            )
            del made, expected
            one, other = (median(times) for times in zip(*rounds, strict=True))
            row(method, f"{one:.2f}", f"{other:.2f}", f"{one / other:.2f}", differ)


if __name__ == "__main__":
    main()
