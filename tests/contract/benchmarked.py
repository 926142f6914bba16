"""Which benchmark measures a public function, and what it is compared with there: docs/benchmarked.md.

``python tests/contract/benchmarked.py --write`` writes the page anew, from what the classes of
``asv_bench/benchmarks`` say of themselves: ``covers`` names public functions, classes and methods without
``fastsmote.`` in front, ``reference`` says what runs beside them, None where nothing does.
"""

import fnmatch
import importlib
import inspect
import operator
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from contract.public import ADAPTERS, NAMES, public_items
from places import REPOSITORY

import fastsmote

FOLDER = REPOSITORY / "asv_bench"
PAGE = REPOSITORY / "docs" / "benchmarked.md"

# What is not measured, and why.
EXEMPT = {
    "Advice": "what advise returns",
    "BootstrapResult": "what bootstrap_interval returns",
    "BrierDecomposition": "what brier_decomposition returns",
    "CalibrationCurve": "what calibration_curve returns",
    "LeakageReport": "what leakage_report returns",
    "PatchReport": "what patch_report returns",
    "PriorEstimate": "what estimate_prior returns",
    "Resampled": "what samplers return",
    "Resampled.of": "the samplers' own way to make it",
    "Warmup": "what warmup returns",
    "Savings": "what savings returns",
    "CutPoint": "what Sweep.at returns",
    "advice.Findings": "a part of what advise returns",
    "advice.Recommendation": "a part of what advise returns",
    "files.ResampledFile": "what files.resample returns",
    "advice.Surroundings": "a part of what advise returns",
    "dask.plan.LazyPlan": "what the functions of dask.plan return",
    "weighted_entropy": "a formula of counts of classes",
    "logit_offset": "a formula of two priors",
    **dict.fromkeys(
        (
            "plot.CalibrationDisplay",
            "plot.CostCurveDisplay",
            "plot.CurveDisplay",
            "plot.DetCurveDisplay",
            "plot.PrecisionRecallDisplay",
            "plot.PrevalenceDisplay",
            "plot.RocCurveDisplay",
            "plot.ThresholdsDisplay",
        ),
        "draws by the function of the picture, which is measured",
    ),
}

# Why nothing runs beside what all its benchmarks measure alone, by patterns of names.
ALONE = {
    "BetaCalibrator": "scikit-learn has no beta calibration",
    "FocalObjective*": "LightGBM and XGBoost have no focal loss",
    "NeighborIndex.append": "scikit-learn takes no more rows, FAISS copies them; one made anew is beside",
    "Prior": "imbalanced-learn has ratios and counts alone",
    "Share": "imbalanced-learn has ratios and counts alone",
    "StreamingCalibration*": "scikit-learn reads no stream; its scores are what the error is measured by",
    "StreamingSweep.*": "scikit-learn reads no stream and gives no bounds",
    "Sweep.at": "a look-up in what is counted",
    "brier_decomposition": "scikit-learn has none",
    "class_thresholds": "scikit-learn tunes a threshold of two classes alone",
    "cost_decisions": "scikit-learn takes no costs",
    "expected_calibration_error": "scikit-learn has none",
    "VennAbersCalibrator*": "scikit-learn has no Venn-Abers intervals",
    "fit_beta": "scikit-learn has no beta calibration",
    "fit_venn_abers": "scikit-learn has no Venn-Abers intervals",
    "row_cost_threshold": "scikit-learn takes no costs",
    "savings": "scikit-learn takes no costs",
    "threshold_decisions": "scikit-learn tunes a threshold of two classes alone",
    "patch_report": "counts calls of the patch",
    "patched_imblearn": "the patch itself; calls through it have imbalanced-learn beside",
    "plan.*": "no library returns a plan; the function that makes the rows has a reference",
    "plot.*": "neither scikit-learn nor imbalanced-learn draws it",
    "select.*": "imbalanced-learn makes the rows too: beside the function of the same name at the top level",
    "warmup": "what runs beside compiles nothing in the process",
}

_TITLE = """# What is measured, and beside what

Every public function, class and method, the benchmarks of `asv_bench/benchmarks` that measure it, and what
runs beside it there. Written by `python tests/contract/benchmarked.py --write` from what the benchmarks say
of themselves; a test fails for a public function without one.
"""


def benchmark_classes() -> Iterator[tuple[str, type]]:
    """(module.Class, class) of all benchmarks; ``asv_bench`` is on the path."""
    for info in pkgutil.iter_modules([str(FOLDER / "benchmarks")]):
        module = importlib.import_module(f"benchmarks.{info.name}")
        for name, item in vars(module).items():
            own = isinstance(item, type) and item.__module__ == module.__name__ and not name.startswith("_")
            if own and not inspect.isabstract(item):
                yield f"{info.name}.{name}", item


def public_names() -> list[str]:
    """Functions, classes and their own methods; classes of adapters as a whole."""
    names = [name.removeprefix("fastsmote.") for name, _ in public_items()]
    return [
        name for name in names if name.partition(".")[0] not in ADAPTERS or name.rpartition(".")[0] in NAMES
    ]


def measured(classes: dict[str, type]) -> dict[str, dict[str, str | None]]:
    """For each name that is covered: its benchmarks, and the reference of each."""
    found: dict[str, dict[str, str | None]] = {}
    for benchmark, item in classes.items():
        for name in getattr(item, "covers", ()):
            found.setdefault(name, {})[benchmark] = getattr(item, "reference", None)
    return found


def _reason(name: str) -> str | None:
    """Why nothing runs beside."""
    return next((ALONE[pattern] for pattern in ALONE if fnmatch.fnmatchcase(name, pattern)), None)


def flaws(classes: dict[str, type]) -> list[str]:
    """What is missing, or said in vain."""
    public, found = public_names(), measured(classes)
    alone = {name for name, benchmarks in found.items() if not any(benchmarks.values())}
    methods = {
        name for name in found if name.rpartition(".")[0] in public and _exists(name)
    }  # inherited ones
    said = ("covers", "reference")
    return [
        *(
            f"{name}: has no {part}"
            for name, item in classes.items()
            for part in said
            if not hasattr(item, part)
        ),
        *(f"{name}: no benchmark covers it" for name in public if name not in found and name not in EXEMPT),
        *(f"{name}: covered, but not public" for name in found if name not in public and name not in methods),
        *(f"{name}: covered, so it needs no exemption" for name in EXEMPT if name in found),
        *(f"{name}: exempt, but not public" for name in EXEMPT if name not in public),
        *(f"{name}: no reference and no reason" for name in sorted(alone) if _reason(name) is None),
        *(f"{key}: nothing stands alone" for key in ALONE if not fnmatch.filter(alone, key)),
    ]


def _exists(name: str) -> bool:
    try:
        return callable(operator.attrgetter(name)(fastsmote))
    except AttributeError:
        return False


def _row(name: str, benchmarks: dict[str, str | None]) -> str:
    if not benchmarks:
        return f"| `{name}` | none: {EXEMPT[name]} | |"
    references = dict.fromkeys(reference for reference in benchmarks.values() if reference)
    beside = "; ".join(references) or f"none: {_reason(name)}"
    return f"| `{name}` | {', '.join(f'`{benchmark}`' for benchmark in benchmarks)} | {beside} |"


def page(classes: dict[str, type]) -> str:
    """The text of the page."""
    found = measured(classes)
    modules: dict[str, list[str]] = {}
    for name in sorted({*public_names(), *found}, key=lambda name: (name.lower(), name)):
        module = name.partition(".")[0] if name[0].islower() and "." in name else ""
        modules.setdefault(module, []).append(name)
    lines = [_TITLE]
    for module in sorted(modules):
        lines += [f"## {f'fastsmote.{module}' if module else 'fastsmote'}", ""]
        lines += ["| name | benchmarks | beside it |", "| --- | --- | --- |"]
        lines += [_row(name, found.get(name, {})) for name in modules[module]] + [""]
    return "\n".join(lines)


def main() -> None:
    """Write the page, or tell what is amiss."""
    sys.path.insert(0, str(FOLDER))
    classes = dict(benchmark_classes())
    wrong = flaws(classes)
    if wrong:
        sys.exit("\n".join(wrong))
    if "--write" in sys.argv:
        PAGE.write_text(page(classes), "utf-8")
    elif PAGE.read_text("utf-8") != page(classes):
        sys.exit("docs/benchmarked.md is out of date: run this with --write")


if __name__ == "__main__":
    main()
