"""The fast part: benchmarks that go through every hot kernel, in minutes.

``python fast.py run HEAD^!`` in this folder is ``asv run HEAD^!`` of the fast part alone; so is any other
command of asv that takes ``--bench``.
"""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

FAST = (
    "neighbors.Build.time_build('fastsmote', 100000, 30)",
    "neighbors.Query.time_query('fastsmote', 10000, 30)",
    "neighbors.Methods.time_answer('brute', '100000 x 30, 128 queries')",
    "over_sampling.RandomOverSample.time_resample('fastsmote', 100000, 30, 0.01)",
    "over_sampling.Smote.time_resample('fastsmote', 100000, 30, 0.01)",
    "over_sampling.Adasyn.time_resample('fastsmote', 100000, 30, 0.01)",
    "over_sampling.SmoteNC.time_resample('fastsmote', 100000, 30, 0.01)",
    "options.Sparse.time_resample('fastsmote', 'smote', 20000)",
    "plans.Apply.time_apply('fastsmote', 'rows', 200000)",
    "under_sampling.RandomUnderSample.time_resample('fastsmote', 1000000, 30, 0.1)",
    "cleaning.Cleaning.time_resample('fastsmote', 'tomek_links', '1 % fraud', 100000)",
    "cleaning.Cleaning.time_resample('fastsmote', 'edited_nearest_neighbours', '1 % fraud', 20000)",
    "cleaning.Cleaning.time_resample('fastsmote', 'near_miss 1', '1 % fraud', 20000)",
    "cleaning.Cleaning.time_resample('fastsmote', 'one_sided_selection', '1 % fraud', 20000)",
    "cleaning.CentroidSampling.time_resample('fastsmote', 2000)",
    "metrics.PrecisionRecallCurve.time_ours(1000000, 0.05)",
    "metrics.WeightedPrecisionRecallCurve.time_ours(1000000, 0.05)",
    "metrics.RocCurve.time_ours(1000000, 0.05)",
    "metrics.RocAuc.time_ours(1000000, 0.05)",
    "metrics.AveragePrecision.time_ours(1000000, 0.05)",
    "metrics.LabelMetrics.time_call('fastsmote', 10000000, 'confusion_matrix')",
    "streaming.Update.time_ours(1000000, 'beta', False)",
    "bootstrap.AveragePrecisionInterval.time_ours(100000, 0.0017)",
    "calibration.Fit.time_ours(1000000, 'isotonic')",
    "priors.EstimatePrior.time_call('fastsmote', 1000000)",
    "weights.FocalDerivatives.time_call('fastsmote', 1000000)",
    "weights.SampleWeights.time_call('fastsmote', 1000000)",
    "leakage.Leakage.time_ours(10000, 'copies')",
    "drop_ins.DropIn.time_resample('fastsmote', 'SMOTE', 200000)",
    "drop_ins.DropIn.time_resample('fastsmote', 'EditedNearestNeighbours', 20000)",
)

# The environment of the gate and of the history: with one thread, other processes and the number of cores
# matter least.
ONE_THREAD = dict.fromkeys(("FASTSMOTE_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def resolve(name):
    """The class, the name of its method, and the arguments that a name of FAST stands for."""
    module, class_name, method, arguments = re.fullmatch(r"(\w+)\.(\w+)\.(\w+)\((.*)\)", name).groups()
    benchmark = getattr(importlib.import_module(f"benchmarks.{module}"), class_name)
    return benchmark, method, ast.literal_eval(f"({arguments},)")


def pattern():
    """The regular expression by which asv's ``--bench`` finds exactly the benchmarks of FAST."""
    return "^(" + "|".join(map(re.escape, FAST)) + ")$"


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(f"Say what asv is to do.\n{__doc__}")
    command = [sys.executable, "-m", "asv", *sys.argv[1:], "--bench", pattern()]
    sys.exit(subprocess.run(command, cwd=Path(__file__).parent, check=False).returncode)
