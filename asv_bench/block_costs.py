"""What passes over blocks cost: ``python asv_bench/block_costs.py`` prints the tables of docs/scale.md.

Blocks of 30 columns of float32 with 0.173 % rare rows, and before them a block of more rare rows. For each
pass: processor seconds of a block, bytes that each worker needs before, bytes that a block gives back, and
processor seconds between passes. All with few rare rows and with four times as many, so that what grows with
the rare rows is told from what does not; from these, tables of 1e9 and 1e10 rows.
"""

import argparse
import pickle
import time

import numpy as np
import pyarrow as pa
from big_files import head, row

import fastsmote
from fastsmote._blocks.block import Block, ClassCounts
from fastsmote._blocks.passes import Passes
from fastsmote._blocks.samplers import BLOCK_SAMPLERS

RATE, FEATURES = 0.00173, 30
METHODS = (
    "smote",
    "adasyn",
    "borderline_smote",
    "near_miss",
    "tomek_links",
    "edited_nearest_neighbours",
    "neighbourhood_cleaning_rule",
)


class Weighed(Passes):
    """Passes in order, of which all is noted but for the first block."""

    def __init__(self, blocks):
        self.blocks, self.noted, self.spent = blocks, [], 0.0

    def improved(self, look, merge):
        start = time.process_time()
        so_far, spent = look(self.blocks[0], None), []
        for block in self.blocks[1:]:
            before = time.process_time()
            so_far = look(block, so_far)
            spent.append(time.process_time() - before)
        given = len(pickle.dumps(look(self.blocks[-1], None)))
        self.noted.append((np.mean(spent), len(pickle.dumps(look)), given))
        self.spent += time.process_time() - start
        return so_far

    def once(self, make):
        return make()


def table(n_rare, block_rows, n_blocks):
    """The blocks, and counts of classes."""
    X, y = fastsmote.make_fraud(2 * n_rare, FEATURES, fraud_rate=0.5, random_state=1)
    parts = [(X[y == 1], y[y == 1])]
    X, y = fastsmote.make_fraud(n_blocks * block_rows, FEATURES, fraud_rate=RATE, random_state=0)
    parts += zip(np.split(X, n_blocks), np.split(y, n_blocks), strict=True)
    blocks, first = [], 0
    for X, y in parts:
        columns = {f"x{j}": np.ascontiguousarray(column, np.float32) for j, column in enumerate(X.T)}
        blocks.append(Block(pa.table(columns), pa.chunked_array([y]), first, "y"))
        first += len(X)
    labels = np.concatenate([y for _, y in parts])
    return blocks, ClassCounts(np.array([0, 1]), np.bincount(labels))


def measured(method, blocks, known):
    """Seconds of a block, bytes to a worker and bytes from a block of each pass; then seconds in between."""
    passes = Weighed(blocks)
    options = {"random_state": 0} if method in ("smote", "adasyn", "borderline_smote") else {}
    start = time.process_time()
    BLOCK_SAMPLERS[method].decide(known, passes, None, n_jobs=1, **options)
    return np.array(passes.noted), time.process_time() - start - passes.spent


def size(n_bytes):
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes > 1e8 else f"{n_bytes / 1e6:,.2f} MB"


def reckoned(costs, n_rare, block_rows, n_rows, n_workers):
    """Hours, and bytes over the network: to all workers and from all blocks."""
    (few, between), (many, _) = costs
    slope = np.maximum(many - few, 0.0) / (3 * n_rare)
    each = np.maximum(few - slope * n_rare, 0.0) + slope * (RATE * n_rows)
    n_blocks = n_rows / block_rows
    seconds, before, after = each.sum(axis=0)
    spent = seconds * n_blocks / n_workers + between * RATE * n_rows / n_rare
    return spent / 3600, n_workers * before + n_blocks * after


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rare", type=int, default=10_000)
    parser.add_argument("--block", type=int, default=262_144, help="rows")
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--methods", default=",".join(METHODS))
    given = parser.parse_args()
    tables = [table(n, given.block, given.blocks) for n in (given.rare, 4 * given.rare)]
    head("sampler", "pass", "rare rows", "s for a block", "to a worker", "from a block", "s between passes")
    costs = {}
    for method in given.methods.split(","):
        costs[method] = [measured(method, *one) for one in tables]
        for (noted, rest), times in zip(costs[method], (1, 4), strict=True):
            for i, (spent, before, after) in enumerate(noted):
                between = f"{rest:.2f}" if i == 0 else ""
                rare = f"{times * given.rare:,}"
                row(method, i + 1, rare, f"{spent:.3f}", size(before), size(after), between)
    head("sampler", "rows", "rare rows", "10 workers, h", "network", "100 workers, h", "network")
    for method, one in costs.items():
        for n_rows in (10**9, 10**10):
            cells = []
            for n_workers in (10, 100):
                hours, n_bytes = reckoned(one, given.rare, given.block, n_rows, n_workers)
                cells += [f"{hours:,.2f}", size(n_bytes)]
            row(method, f"{n_rows:,}", f"{round(RATE * n_rows):,}", *cells)


if __name__ == "__main__":
    main()
