"""Patching imbalanced-learn: every binding, strictly reversible, from threads, and around scripts."""

import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys
import threading
import types

import imblearn
import imblearn.combine
import imblearn.datasets
import imblearn.ensemble
import imblearn.over_sampling
import imblearn.under_sampling
import imblearn.utils.testing
import numpy as np
import pytest
from adapters.imblearn.drop_ins import ENSEMBLES, SAMPLERS
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.tree import DecisionTreeClassifier

import fastsmote.imblearn
from fastsmote import patch_report
from fastsmote.imblearn import _patch as _imblearn_patch
from fastsmote.imblearn import _tally
from fastsmote.imblearn._patch import patch_imblearn, patched_imblearn, unpatch_imblearn

OURS = {name: getattr(fastsmote.imblearn, name) for name in fastsmote.imblearn.__all__}
HOMES = {"over_sampling", "under_sampling", "combine", "ensemble"}


@pytest.fixture(autouse=True)
def unpatched():
    before = bindings()
    yield
    unpatch_imblearn()
    assert bindings() == before


def bindings():
    """What every name in every module of imbalanced-learn stands for, by identity."""
    return {
        (module, name): id(value)
        for module, found in list(sys.modules.items())
        if module.partition(".")[0] == "imblearn"
        for name, value in vars(found).items()
        if isinstance(value, type)
    }


def public_class(name):
    found = [getattr(imblearn, home) for home in HOMES if name in getattr(imblearn, home).__all__]
    return getattr(found[0], name)


@pytest.fixture(scope="module")
def data():
    return make_classification(300, weights=[0.85], flip_y=0, random_state=0)


@pytest.mark.parametrize("name", OURS)
def test_public_names(name):
    theirs = public_class(name)
    assert theirs.__module__.startswith("imblearn.")
    with patched_imblearn():
        assert public_class(name) is OURS[name]
    assert public_class(name) is theirs


def test_every_binding_but_the_definitions():
    theirs = {name: public_class(name) for name in OURS}
    with patched_imblearn():
        left = {
            (module, name)
            for module, found in sys.modules.items()
            if module.partition(".")[0] == "imblearn"
            for name, value in vars(found).items()
            if any(value is cls for cls in theirs.values())
        }
    assert left == {(cls.__module__, name) for name, cls in theirs.items()}


def test_where_imbalanced_learn_uses_its_own():
    places = [
        ("imblearn.combine._smote_enn", "SMOTE"),
        ("imblearn.combine._smote_enn", "EditedNearestNeighbours"),
        ("imblearn.combine._smote_tomek", "SMOTE"),
        ("imblearn.combine._smote_tomek", "TomekLinks"),
        ("imblearn.under_sampling._prototype_selection._one_sided_selection", "TomekLinks"),
        ("imblearn.ensemble._bagging", "RandomUnderSampler"),
        ("imblearn.ensemble._forest", "RandomUnderSampler"),
        ("imblearn.ensemble._easy_ensemble", "RandomUnderSampler"),
        ("imblearn.ensemble._weight_boosting", "RandomUnderSampler"),
        ("imblearn.datasets._imbalance", "RandomUnderSampler"),
    ]
    with patched_imblearn():
        for module, name in places:
            assert getattr(sys.modules[module], name) is OURS[name]


def test_off_by_default_and_idempotent():
    assert not patch_report().patched
    original = imblearn.over_sampling.SMOTE
    before = bindings()
    unpatch_imblearn()
    assert bindings() == before
    patch_imblearn()
    after = bindings()
    patch_imblearn()
    assert bindings() == after != before
    assert patch_report().patched
    assert issubclass(imblearn.over_sampling.SMOTE, original)
    unpatch_imblearn()
    assert bindings() == before


def test_blocks_nest_and_leave_a_lasting_patch():
    original = imblearn.over_sampling.SMOTE
    with patched_imblearn():
        with patched_imblearn():
            pass
        assert imblearn.over_sampling.SMOTE is OURS["SMOTE"]
        unpatch_imblearn()
        assert imblearn.over_sampling.SMOTE is OURS["SMOTE"]
    assert imblearn.over_sampling.SMOTE is original
    patch_imblearn()
    with patched_imblearn():
        pass
    assert imblearn.over_sampling.SMOTE is OURS["SMOTE"]


def test_an_error_in_a_block_gives_the_classes_back():
    original = imblearn.over_sampling.SMOTE
    with pytest.raises(RuntimeError, match="inside"), patched_imblearn():
        raise RuntimeError("inside")
    assert imblearn.over_sampling.SMOTE is original


@pytest.mark.slow
def test_blocks_of_threads_overlap():
    wrong = []
    start = threading.Barrier(8)

    def work():
        start.wait()
        for _ in range(30):
            with patched_imblearn():
                if imblearn.over_sampling.SMOTE is not OURS["SMOTE"]:
                    wrong.append(imblearn.over_sampling.SMOTE)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert not patch_report().patched


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork_while_another_thread_patches():
    held, ended = threading.Event(), threading.Event()

    def hold():
        with _imblearn_patch._state.lock:
            held.set()
            ended.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    child = multiprocessing.get_context("fork").Process(target=patch_imblearn)
    child.start()
    child.join(timeout=600)
    child.kill()
    child.join()
    ended.set()
    thread.join()
    assert child.exitcode == 0


def test_modules_that_are_imported_meanwhile(monkeypatch):
    original = imblearn.over_sampling.SMOTE
    late = types.ModuleType("imblearn.late")
    monkeypatch.setitem(sys.modules, "imblearn.late", late)
    with patched_imblearn():
        late.Chosen = imblearn.over_sampling.SMOTE
    assert late.Chosen is original


def test_other_packages_keep_what_they_bound(monkeypatch):
    original = imblearn.over_sampling.SMOTE
    other = types.ModuleType("imblearnish")
    other.SMOTE = original
    monkeypatch.setitem(sys.modules, "imblearnish", other)
    with patched_imblearn():
        assert other.SMOTE is original


def test_what_was_ours_before_stays_ours(monkeypatch):
    monkeypatch.setattr(imblearn.over_sampling, "MySmote", OURS["SMOTE"], raising=False)
    original = imblearn.over_sampling.SMOTE
    for _ in range(2):
        with patched_imblearn():
            with patched_imblearn():
                assert imblearn.over_sampling.MySmote is OURS["SMOTE"]
            imblearn.over_sampling.Late = imblearn.over_sampling.SMOTE
        assert imblearn.over_sampling.MySmote is OURS["SMOTE"]
        assert imblearn.over_sampling.SMOTE is original
        assert imblearn.over_sampling.Late is original
        del imblearn.over_sampling.Late
    imblearn.over_sampling.MySmote = original
    with patched_imblearn():
        assert imblearn.over_sampling.MySmote is OURS["SMOTE"]
    assert imblearn.over_sampling.MySmote is original


def test_objects_cross_the_border(data):
    X, y = data
    old = imblearn.over_sampling.SMOTE(random_state=0)
    expected = old.fit_resample(X, y)
    with patched_imblearn():
        assert type(pickle.loads(pickle.dumps(old))) is type(old)
        new = imblearn.over_sampling.SMOTE(random_state=0)
        sent = pickle.dumps(new)
        for sampler in (clone(old), clone(new), pickle.loads(sent)):
            for mine, theirs in zip(sampler.fit_resample(X, y), expected, strict=True):
                np.testing.assert_array_equal(mine, theirs)
    assert type(pickle.loads(sent)) is OURS["SMOTE"]


@pytest.mark.parametrize("name", sorted({*SAMPLERS} - {"SMOTEN", "SMOTENC", "KMeansSMOTE"}))
def test_same_rows_and_a_report(data, name):
    X, y = data
    parameters = public_class(name)().get_params()
    seed = {"random_state": 0} if "random_state" in parameters else {}
    expected = public_class(name)(**seed).fit_resample(X, y)
    _tally._tallies.clear()
    with patched_imblearn():
        sampler = public_class(name)(**seed)
        assert type(sampler) is OURS[name]
        actual = sampler.fit_resample(X, y)
    for mine, theirs in zip(actual, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    report = patch_report()
    (tally,) = [t for t in report.tallies if t.name == name]
    assert tally.calls == 1
    assert tally.seconds > 0
    assert any(line.split()[:3] == [name, tally.where, "1"] for line in str(report).splitlines())


@pytest.mark.parametrize("ensemble", ENSEMBLES)
def test_ensembles_use_our_sampler(data, ensemble):
    X, y = data
    make = getattr(imblearn.ensemble, ensemble)
    parameters = {"n_estimators": 3, "random_state": 0}
    expected = make(**parameters).fit(X, y).predict_proba(X)
    _tally._tallies.clear()
    with patched_imblearn():
        actual = make(**parameters).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(actual, expected)
    tallies = patch_report().tallies
    assert sum(t.calls for t in tallies if t.name == "RandomUnderSampler") >= 3


def test_reports_tell_why_the_parent_class_ran(data):
    X, y = data
    _tally._tallies.clear()
    assert str(patch_report()) == "No call of a fastsmote class so far (imbalanced-learn is not patched now)."
    with patched_imblearn():
        nearest = imblearn.utils.testing._CustomNearestNeighbors(n_neighbors=6)
        imblearn.over_sampling.SMOTE(k_neighbors=nearest).fit_resample(X, y)
        imblearn.over_sampling.SMOTE().fit_resample(X, y)
        report = patch_report()
    where = {t.where: t for t in report.tallies if t.name == "SMOTE"}
    assert set(where) == {"parent", "compiled"}
    assert where["parent"].reason
    assert where["parent"].reason in str(report)
    assert str(report).startswith("Calls of fastsmote's classes (imbalanced-learn is patched now):\n")


def test_reports_of_what_came_since_another(data):
    X, y = data
    OURS["SMOTE"]().fit_resample(X, y)
    before = patch_report()
    assert patch_report(since=before).tallies == []
    OURS["SMOTE"]().fit_resample(X, y)
    OURS["SMOTE"]().fit_resample(X, y)
    OURS["TomekLinks"]().fit_resample(X, y)
    report = patch_report(since=before)
    assert [(t.name, t.calls) for t in report.tallies] == [("SMOTE", 2), ("TomekLinks", 1)]
    assert all(t.seconds > 0 for t in report.tallies)
    assert sum(t.calls for t in patch_report().tallies) == sum(t.calls for t in before.tallies) + 3


def test_calls_that_fail_are_told(data):
    X, y = data
    before = patch_report()
    with pytest.raises(ValueError, match="n_neighbors"):
        OURS["SMOTE"](k_neighbors=200).fit_resample(X, y)
    nearest = imblearn.utils.testing._CustomNearestNeighbors(n_neighbors=200)
    with pytest.raises(ValueError, match="k must be less than"):
        OURS["SMOTE"](k_neighbors=nearest).fit_resample(X, y)
    first, second = patch_report(since=before).tallies
    assert first[:4] == ("SMOTE", "compiled", "raised", 1)
    assert (second.where, second.calls) == ("parent", 1)
    assert second.reason.endswith("; raised")
    assert len(second.reason) > len("; raised")


def run(*arguments, cwd=None, options=(), **environment):
    command = [sys.executable, *options, "-m", "fastsmote", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, check=False, env={**os.environ, **environment}
    )


SCRIPT = """
import multiprocessing, sys
import helper
from imblearn.over_sampling import SMOTE
import fastsmote

def kind(sampler):
    return type(sampler).__module__.split(".")[0]

if __name__ == "__main__":
    print(sys.argv[1:], helper.name, kind(SMOTE()), fastsmote.patch_report().patched)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(kind, [SMOTE()]))
    sys.exit(7)
"""


@pytest.mark.slow
def test_scripts_are_run_as_python_runs_them(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text("name = 'next to the script'\n")
    done = run("run", str(tmp_path / "script.py"), "--seed", "3")
    assert done.stderr == ""
    assert done.stdout == "['--seed', '3'] next to the script fastsmote True\n['fastsmote']\n"
    assert done.returncode == 7


@pytest.mark.slow
@pytest.mark.parametrize(("options", "environment"), [(("-P",), {}), ((), {"PYTHONSAFEPATH": "1"})])
def test_the_path_of_a_script_is_what_python_makes_it(tmp_path, options, environment):
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    script = tmp_path / "here" / "script.py"
    script.write_text("import sys\nprint(*sys.path, sep='\\n')\n")
    environment = {**environment, "PYTHONPATH": str(tmp_path / "there")}
    plain = subprocess.run(
        [sys.executable, *options, str(script)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    assert str(tmp_path / "there") in plain.stdout.splitlines()
    assert str(script.parent) not in plain.stdout.splitlines()
    done = run("run", str(script), options=options, **environment)
    assert done.stdout == plain.stdout


@pytest.mark.slow
def test_mistakes_of_scripts_are_their_own(tmp_path):
    (tmp_path / "script.py").write_text("def broken():\n    return 1 / 0\n\nbroken()\n")
    done = run("run", "script.py", cwd=tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


def test_what_can_not_be_run(tmp_path):
    (tmp_path / "__main__.py").write_text("print('run')")
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", tmp_path, "__main__.py")
    done = run("run", "no_such_file.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fastsmote: no such file: no_such_file.py. Usage: fastsmote run ")
    for given, why in [("-m", "no option -m"), (str(tmp_path), "is a directory"), (archive, "is a zip file")]:
        done = run("run", given)
        assert (done.returncode, done.stdout) == (2, "")
        assert why in done.stderr
        assert "only scripts are run" in done.stderr
    done = run("run")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a script is missing" in done.stderr
    done = run("run", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: fastsmote run SCRIPT")


def test_without_run_it_is_the_command():
    pytest.importorskip("typer")
    assert run("--version").stdout == f"fastsmote {fastsmote.__version__}\n"


@pytest.mark.slow
def test_importing_patches_nothing():
    script = (
        "import imblearn.over_sampling as home, fastsmote, fastsmote.imblearn, fastsmote.sklearn\n"
        "fastsmote.patch_imblearn\n"
        "print(home.SMOTE.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "imblearn.over_sampling._smote.base\n"


def test_models_of_imbalanced_learn_with_our_sampler(data):
    X, y = data
    make = imblearn.ensemble.BalancedBaggingClassifier
    parameters = {"estimator": DecisionTreeClassifier(), "n_estimators": 2, "random_state": 0}
    expected = make(sampler=imblearn.over_sampling.SMOTE(), **parameters).fit(X, y).predict_proba(X)
    actual = make(sampler=OURS["SMOTE"](), **parameters).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(actual, expected)
