"""What a pass over blocks costs: ``python asv_bench/block_costs.py``; docs/scale.md reckons with it.

Blocks of 30 columns of float32 with 0.173 % rare rows, and before them a block of so many rare rows that all
together are as many as in a table of 40,000,000 rows. For each pass: processor seconds for a million rows,
bytes that each worker needs before, and bytes that a block gives back; and processor seconds between passes.
"""

import argparse
import pickle
import time

import numpy as np
import pyarrow as pa

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
            spent.append((time.process_time() - before) / len(block.labels) * 1e6)
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rare", type=int, default=round(40_000_000 * RATE))
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--block", type=int, default=262_144, help="rows")
    given = parser.parse_args()
    blocks, known = table(given.rare, given.block, given.blocks)
    print(f"{given.rare:,} rare rows, blocks of {given.block:,}\n")
    print("| sampler | pass | s for 1e6 rows | bytes to a worker | bytes from a block | s between passes |")
    print("| --- | --- | --- | --- | --- | --- |")
    for method in METHODS:
        passes = Weighed(blocks)
        options = {"random_state": 0} if method in ("smote", "adasyn", "borderline_smote") else {}
        start = time.process_time()
        BLOCK_SAMPLERS[method].decide(known, passes, None, n_jobs=1, **options)
        rest = time.process_time() - start - passes.spent
        for i, (spent, before, after) in enumerate(passes.noted):
            between = f"{rest:.2f}" if i == 0 else ""
            print(
                f"| {method if i == 0 else ''} | {i + 1} | {spent:.3f} | {before:,} | {after:,} | {between} |"
            )


if __name__ == "__main__":
    main()
