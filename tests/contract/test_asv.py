"""Each benchmark runs once, at its smallest size."""

import importlib
import itertools
import os
import subprocess
import sys
from numbers import Number

import pytest
from contract import benchmarked
from contract.benchmarked import FOLDER, benchmark_classes

import fastsmote

PREFIXES = ("time_", "peakmem_", "track_")

pytest.importorskip("imblearn")


@pytest.fixture
def classes(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setenv("ASV_SKIP_SLOW", "1")  # read when the benchmarks are first imported
    return dict(benchmark_classes())


def smallest(values):
    return [min(values)] if all(isinstance(value, Number) for value in values) else list(values)


def different(benchmark):
    """Its methods but those that call the same as another, as the time and the peak of one call do."""
    found = {}
    for name in dir(benchmark):
        if name.startswith(PREFIXES):
            method = getattr(benchmark, name)
            code = method.__code__
            found.setdefault((code.co_code, code.co_consts, code.co_names, hasattr(method, "setup")), name)
    return list(found.values())


def combinations(benchmark):
    """Arguments to run with: the smallest number of each parameter, and every value that is not a number."""
    params = getattr(benchmark, "params", [])
    if params and not isinstance(params[0], list | tuple):
        params = [params]
    return list(itertools.product(*map(smallest, params)))


NAMES = [
    "bootstrap.AveragePrecisionDifference",
    "bootstrap.AveragePrecisionInterval",
    "bootstrap.RocAucInterval",
    "calibration.BinnedScores",
    "calibration.Curve",
    "calibration.Fit",
    "calibration.FitBeta",
    "calibration.FitVennAbers",
    "calibration.Scores",
    "calibration.Stream",
    "cleaning.CentroidSampling",
    "cleaning.Cleaning",
    "cleaning.TomekLinkPairs",
    "datasets.MakeFraud",
    "datasets.MakeImbalance",
    "drop_ins.DropIn",
    "drop_ins.Ensemble",
    "drop_ins.Patch",
    "drop_ins.Patched",
    "drop_ins.SparseDropIn",
    "estimators.Compare",
    "estimators.Ensembles",
    "estimators.Graph",
    "estimators.HardFolds",
    "estimators.Hardness",
    "estimators.Neighbors",
    "estimators.PriorCorrected",
    "estimators.Threshold",
    "files.Advise",
    "files.Resample",
    "files.Sweep",
    "frames.Frames",
    "frames.PeakMemory",
    "label_scores.IndexBalancedAccuracy",
    "label_scores.OfImbalancedLearn",
    "label_scores.OfScikitLearn",
    "label_scores.Report",
    "leakage.Advice",
    "leakage.Leakage",
    "metrics.AveragePrecision",
    "metrics.BestThreshold",
    "metrics.ConfusionSweep",
    "metrics.CountsAtThresholds",
    "metrics.DetCurve",
    "metrics.LabelMetrics",
    "metrics.PrecisionRecallCurve",
    "metrics.RocAuc",
    "metrics.RocCurve",
    "metrics.RowCosts",
    "metrics.WeightedPrecisionRecallCurve",
    "neighbors.Append",
    "neighbors.Build",
    "neighbors.FewAgainstFew",
    "neighbors.FewAgainstMany",
    "neighbors.Growth",
    "neighbors.GrowthExponent",
    "neighbors.LongLists",
    "neighbors.Methods",
    "neighbors.Query",
    "neighbors.Questions",
    "neighbors.SelfJoin",
    "neighbors.Threads",
    "neighbors.ValueDifference",
    "neighbors.Wide",
    "neighbors.WideIndex",
    "neighbors.ZerosAndOnes",
    "options.Missing",
    "options.Own",
    "options.Shared",
    "options.Sparse",
    "options.SparseNeighbors",
    "over_sampling.Adasyn",
    "over_sampling.BorderlineSmote",
    "over_sampling.KMeansSmote",
    "over_sampling.RandomOverSample",
    "over_sampling.Smote",
    "over_sampling.SmoteN",
    "over_sampling.SmoteNC",
    "over_sampling.SvmSmote",
    "partitions.Decisions",
    "partitions.EqualRowsInPartitions",
    "partitions.LeaksInPartitions",
    "partitions.Partitions",
    "partitions.ScoresInPartitions",
    "plans.Apply",
    "plans.Blocks",
    "plans.Concatenate",
    "plans.Decide",
    "plans.Into",
    "plots.Displays",
    "plots.OwnPictures",
    "priors.CorrectPrior",
    "priors.CorrectPriorFrom",
    "priors.EstimatePrior",
    "samplers.Samplers",
    "samplers.SmallCalls",
    "scaling.Speedup",
    "startup.FirstCall",
    "startup.Import",
    "startup.Wheel",
    "streaming.KnownPositives",
    "streaming.Read",
    "streaming.SecondPass",
    "streaming.Update",
    "streaming.Window",
    "sweeps.ChoiceAlone",
    "sweeps.Formulas",
    "sweeps.Readings",
    "sweeps.SeveralClasses",
    "sweeps.SeveralModels",
    "sweeps.Thresholds",
    "under_sampling.RandomUnderSample",
    "under_sampling.TomekLinks",
    "weights.BalancedSubsets",
    "weights.ClassWeights",
    "weights.CrossEntropy",
    "weights.CrossEntropyDerivatives",
    "weights.FocalDerivatives",
    "weights.FocalLoss",
    "weights.PlanWeights",
    "weights.SampleWeights",
    "weights.SoftmaxCrossEntropy",
    "weights.SoftmaxObjective",
]


def test_every_class_is_in_the_list(classes):
    assert sorted(classes) == NAMES


def test_every_public_function_has_a_benchmark_and_the_page_says_which(classes):
    pytest.importorskip("matplotlib")
    assert benchmarked.flaws(classes) == []
    assert benchmarked.PAGE.read_text("utf-8") == benchmarked.page(classes)


def test_what_no_benchmark_covers_is_told():
    pytest.importorskip("matplotlib")

    class Misspelt:
        covers = ("smot", "Sweep.coast", "Warmup")
        reference = None

    told = benchmarked.flaws({"module.Misspelt": Misspelt, "module.Silent": object})
    assert {
        "module.Silent: has no covers",
        "module.Silent: has no reference",
        "smote: no benchmark covers it",
        "Sweep.cost: no benchmark covers it",
        "smot: covered, but not public",
        "Sweep.coast: covered, but not public",
        "Warmup: covered, so it needs no exemption",
        "smot: no reference and no reason",
        "fit_beta: nothing stands alone",
    } <= set(told)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore::UserWarning")  # of methods that run out of rows at so small a size
def test_benchmark(name, classes):
    if name.startswith("neighbors"):
        pytest.importorskip("faiss")
    benchmark = classes[name]
    methods = different(benchmark)
    assert methods
    n_run = 0
    for arguments in combinations(benchmark):
        instance = benchmark()
        try:
            getattr(instance, "setup", lambda *_: None)(*arguments)
        except NotImplementedError:  # asv leaves these out
            continue
        n_run += 1
        for method in methods:
            run = getattr(instance, method)
            try:
                getattr(run, "setup", lambda *_: None)(*arguments)
            except NotImplementedError:
                continue
            result = run(*arguments)
            if method == "track_error":
                assert 0 <= result < 0.7
        getattr(instance, "teardown", lambda *_: None)(*arguments)
    assert n_run


FOUND_WITHOUT = """
import importlib, pkgutil, sys
for library in sys.argv[1:]:
    sys.modules[library] = None
import benchmarks
for info in pkgutil.iter_modules(benchmarks.__path__):
    importlib.import_module("benchmarks." + info.name)
"""
OPTIONAL = ["faiss", "imblearn", "pandas", "polars", "psutil", "pyarrow", "sklearn", "sklearnex"]


def test_benchmarks_are_found_with_any_version_and_without_optional_libraries(tmp_path):
    """asv finds the benchmarks of today with the fastsmote of the commit that it measures."""
    (tmp_path / "fastsmote").mkdir()
    (tmp_path / "fastsmote" / "__init__.py").touch()  # has none of the names
    path = os.pathsep.join([str(tmp_path), str(FOLDER)])
    subprocess.run(
        [sys.executable, "-c", FOUND_WITHOUT, *OPTIONAL], env=os.environ | {"PYTHONPATH": path}, check=True
    )


def test_what_lacks_is_left_out(classes):
    common = importlib.import_module("benchmarks.common")
    with pytest.raises(NotImplementedError, match="no_such_name"):
        common.later("fastsmote").no_such_name  # noqa: B018
    with pytest.raises(NotImplementedError, match="no_such_module"):
        common.needs("no_such_module")(lambda: None).setup("any", "arguments")
    assert common.later("fastsmote").smote is fastsmote.smote
    some = common.only_where(lambda library, rows: rows < 10)(lambda *arguments: None)
    some.setup("any", 9)
    with pytest.raises(NotImplementedError, match=r"not with .*10"):
        some.setup("any", 10)


FAST_PART = """
import itertools
import fast
assert len(set(fast.FAST)) == len(fast.FAST)
for name in fast.FAST:
    benchmark, method, arguments = fast.resolve(name)
    assert callable(getattr(benchmark, method)), name
    assert arguments in itertools.product(*benchmark.params), name
    module = benchmark.__module__.removeprefix("benchmarks.")
    assert name == f"{module}.{benchmark.__name__}.{method}({', '.join(map(repr, arguments))})"
"""


def test_every_name_of_the_fast_part_is_one_that_asv_runs():
    """In a process of its own: with all sizes."""
    environment = {name: value for name, value in os.environ.items() if name != "ASV_SKIP_SLOW"}
    subprocess.run(
        [sys.executable, "-c", FAST_PART], env=environment | {"PYTHONPATH": str(FOLDER)}, check=True
    )


def test_combinations():
    class Sized:
        params = ([100, 10], ["a", "b"])

    class Named:
        params = ("x", "y")

    assert combinations(Sized) == [(10, "a"), (10, "b")]
    assert combinations(Named) == [("x",), ("y",)]
    assert combinations(object) == [()]
