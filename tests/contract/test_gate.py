"""The gate between two commits: what it decides and how often that is wrong, what it prints, how it ends."""

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time

import fast
import gate
import gate_proof
import numpy as np
import pytest
from gating import comparison, evidence, rounds, table
from gating.builds import BadUse, Side, build, chosen, commit_of
from gating.comparison import Comparison
from places import REPOSITORY

N = 2 * len(fast.FAST)
LIMIT = evidence.LIMIT
ALPHA = evidence.ALARM / N


def decide(logs, tolerance=0.03, limit=LIMIT):
    """The verdict, and after how many rounds."""
    for n in range(1, limit + 1):
        verdict = evidence.verdict(logs[:n], tolerance, N, limit)
        if verdict:
            return verdict, n
    return None, limit


# ---- error rates


def walks(alpha, limit):
    """The chance that a fair coin is believed, by all its 2**limit ways."""
    allowed = np.array(evidence.allowed(alpha, limit))
    ways = np.arange(2**limit)
    contradict, believed = np.zeros(len(ways), int), np.zeros(len(ways), bool)
    for n in range(limit):
        contradict += ways >> n & 1
        believed |= contradict <= allowed[n]
    return believed.mean()


@pytest.mark.parametrize("limit", [8, 15, 18])
@pytest.mark.parametrize("alpha", [0.2, 0.025, 0.001])
def test_chance_of_an_error_at_any_look(alpha, limit):
    assert alpha / 2 < walks(alpha, limit) + 0.5**limit <= alpha + 0.5**limit
    assert walks(alpha, limit) <= alpha


def noise(kind, shape, rng):
    """Logarithms of equal commits: noise of 20 %, of very different kinds."""
    return {
        "normal": lambda: rng.normal(0, 0.2, shape),
        "heavy": lambda: 0.05 * rng.standard_t(1, shape),
        "two speeds": lambda: rng.choice([-0.2, 0.0, 0.0, 0.2], shape) + rng.normal(0, 0.001, shape),
        "at the tolerance": lambda: math.log(1.03) + rng.normal(0, 0.2, shape),
        "skewed": lambda: math.log(1.03) + 0.1 * (np.log(2) - rng.exponential(size=shape)),
        "drifts": lambda: rng.normal(0, 0.2, shape) * np.linspace(0.1, 3, shape[-1]),
    }[kind]()


@pytest.mark.parametrize("kind", ["normal", "heavy", "two speeds", "at the tolerance", "skewed", "drifts"])
def test_alarms_of_whole_gates(kind):
    """At most 1 in 100 of 2,000 gates, with all comparisons looked at after each round."""
    logs = noise(kind, (2_000, N, LIMIT), np.random.default_rng(0))
    below = np.cumsum(logs <= math.log(1.03), axis=2)
    alarms = (below <= np.array(evidence.allowed(ALPHA, LIMIT))).any(axis=(1, 2))
    assert alarms.mean() <= evidence.ALARM + 3 * math.sqrt(evidence.ALARM / 2_000)


def test_a_bound_is_where_rounds_lie():
    """What the test above counts is what the decision does."""
    rng = np.random.default_rng(5)
    for n in range(1, LIMIT + 1):
        logs = list(rng.normal(0.1, 0.1, n))
        low, high = evidence.bounds(logs, ALPHA, LIMIT)
        k = evidence.allowed(ALPHA, LIMIT)[n - 1]
        assert all((sum(x <= edge for x in logs) <= k) == (low > edge) for edge in (0.0, 0.03, *logs))
        assert all((sum(x >= edge for x in logs) <= k) == (high < edge) for edge in (0.0, 0.2, *logs))


@pytest.mark.parametrize("deviation", [0.005, 0.02, 0.04])
def test_a_loss_of_ten_percent_is_found(deviation):
    rng = np.random.default_rng(1)
    found = [decide(list(math.log(1.1) + rng.normal(0, deviation, LIMIT)))[0] for _ in range(200)]
    assert found.count("loss") >= 180
    assert "same" not in found


def test_outliers_do_not_hide_a_loss_nor_make_one():
    rng = np.random.default_rng(2)
    logs = list(math.log(1.1) + rng.normal(0, 0.01, LIMIT))
    logs[2] = logs[15] = -5.0
    assert decide(logs)[0] == "loss"
    logs = list(rng.normal(0, 0.01, LIMIT))
    logs[0] = logs[1] = logs[5] = 5.0
    assert decide(logs)[0] == "same"


def test_same_is_seldom_said_of_what_lies_at_the_tolerance():
    rng = np.random.default_rng(3)
    said = [decide(list(math.log(1.03) + rng.normal(0, 0.01, LIMIT)))[0] for _ in range(1_000)]
    assert said.count("same") <= 25 + 3 * 5
    assert said.count(None) > 900


def test_the_interval_holds_the_median():
    rng = np.random.default_rng(4)
    outside = 0
    for logs in rng.standard_t(2, (1_000, LIMIT)).tolist():
        low, high = np.array([evidence.interval(logs[:n], LIMIT) for n in range(1, LIMIT + 1)]).T
        outside += low.max() > 1 or high.min() < 1
    assert outside / 1_000 <= evidence.OUTSIDE + 3 * 0.007


def test_first_decisions():
    """What the docstring of the module says."""
    assert decide([0.0] * LIMIT) == ("same", 7)
    assert decide([0.1] * LIMIT) == ("loss", 14)
    assert decide([-0.1] * LIMIT) == ("gain", 14)
    assert evidence.fewest_rounds(56) == 13
    assert evidence.interval([0.0] * 3, LIMIT) == (0, math.inf)


# ---- verdicts


def recorded(pairs, what="time"):
    made = Comparison("a.B.time_c(1)", what, N, LIMIT)
    for pair in pairs:
        made.add(*pair)
    return made


def test_comparison():
    loss = recorded([(0.1, 0.11)] * LIMIT)
    assert (loss.said, len(loss.pairs)) == ("loss", 14)  # what comes after is left out
    assert loss.ratio == pytest.approx(1.1)
    assert recorded([(0.1, 0.11)] * 6).said == "undecided"
    assert recorded([(0.11, 0.1)] * LIMIT).said == "gain"
    assert recorded([(0.1, 0.102)] * LIMIT).said == "same"


def test_small_peaks_are_alike():
    assert recorded([(50e6, 54e6)] * LIMIT, "memory").said == "loss"  # 8 %
    assert recorded([(50e6, 52e6)] * LIMIT, "memory").said == "same"
    assert recorded([(2e6, 4e6)] * LIMIT, "memory").said == "same"
    assert recorded([(0, 0)] * LIMIT, "memory").said == "same"
    assert recorded([(2e6, 40e6)] * LIMIT, "memory").said == "loss"


@pytest.mark.parametrize(
    ("base", "head", "verdict"),
    [
        ("AttributeError: no such name", None, "new"),
        ("NotImplementedError: no faiss", None, "new"),
        ("NotImplementedError: no faiss", "NotImplementedError: no faiss", "left out"),
        (None, "NotImplementedError: no faiss", "fails"),
        ("ValueError: a", "ValueError: a", "broken"),
        ("AttributeError: not there yet", "ValueError: a", "fails"),
        (None, "the process ended", "fails"),
    ],
)
def test_what_raises(base, head, verdict):
    made = recorded([])
    made.fail(base, head)
    assert made.verdict == verdict
    assert (head or base) in made.error
    assert (verdict in comparison.BAD) == (verdict == "fails")


# ---- the whole, with rounds that are made up


def runner(ratios, errors=None):
    """Rounds in which every benchmark takes 10 ms and 30 MB in base, and so many times that in head."""
    looked_at = []

    def run_round(sides, names, first, *, timed=True):
        looked_at.append((first, timed, list(names)))
        for name in names:
            if errors and name in errors:
                yield name, errors[name]
            else:
                ratio, peak = ratios.get(name, (1.0, 1.0))
                yield name, rounds.Measured((0.01, 0.01 * ratio), (30e6, 30e6 * peak))

    run_round.looked_at = looked_at
    return run_round


@pytest.fixture
def whole(monkeypatch):
    """The command with rounds that are made up and nothing built."""

    def run(run_round, *arguments):
        monkeypatch.setattr(gate, "commit_of", "commit {}".format)
        monkeypatch.setattr(gate, "build", lambda commit, folder: Side(folder, folder))
        monkeypatch.setattr(rounds, "run_round", run_round)
        return gate.main(["HEAD", *arguments])

    return run


SMOTE, BUILD = (
    next(n for n in fast.FAST if n.startswith(s)) for s in ("over_sampling.Smote.", "neighbors.Build")
)


def test_equal_commits(whole, capsys):
    run_round = runner({})
    assert whole(run_round) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == f"{N} same"
    assert out.count(SMOTE) == 2
    assert "round 7" in err
    assert "round 8" not in err
    assert [timed for _, timed, _ in run_round.looked_at] == [False] + [True] * 7
    assert {first for first, _, _ in run_round.looked_at} == {0, 1}  # each side goes first in turn


def test_a_loss(whole, capsys, tmp_path):
    run_round = runner({SMOTE: (1.1, 1.0)})
    assert whole(run_round, "--json", str(tmp_path / "found.json")) == 1
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(SMOTE)).split()
    assert row[-10:] == ["10", "ms", "11", "ms", "1.100", "1.100", "..", "1.100", "14", "loss"]
    assert run_round.looked_at[-1][2] == [SMOTE]  # the others were decided
    found = json.loads((tmp_path / "found.json").read_text())
    assert (found["base"], found["head"]) == ("commit HEAD", "working tree")
    assert len(found["comparisons"]) == N
    assert [c["verdict"] for c in found["comparisons"] if c["benchmark"] == SMOTE] == ["loss", "same"]


def test_a_larger_peak(whole, capsys):
    assert whole(runner({SMOTE: (1.0, 1.08)})) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"1 loss, {N - 1} same"


def test_undecided_is_no_loss(whole, capsys):
    def run_round(sides, names, first, *, timed=True):
        for name in names:
            yield name, rounds.Measured((0.01, 0.01 if first else 0.011), (30e6, 30e6))

    assert whole(run_round, "--only", r"\.Smote\.", "--rounds", "20") == 0
    out, err = capsys.readouterr()
    assert "1 same, 1 undecided" in out
    assert "round 20" in err
    assert "round 21" not in err


def test_errors(whole, capsys):
    errors = {SMOTE: rounds.Failed("AttributeError: later", None)}
    assert whole(runner({}, errors)) == 0
    assert f"{SMOTE}: base raises AttributeError: later" in capsys.readouterr().out
    errors = {BUILD: rounds.Failed(None, "ValueError: broken")}
    assert whole(runner({}, errors)) == 1
    out = capsys.readouterr().out
    assert f"{BUILD}: head raises ValueError: broken" in out
    assert out.splitlines()[-1] == f"2 fails, {N - 2} same"


@pytest.mark.parametrize("error", ["ValueError: a", "NotImplementedError: no such library"])
def test_what_is_not_compared_does_not_pass(whole, capsys, error):
    raised = rounds.Failed(error, error)
    one = whole(runner({}, {SMOTE: raised}))
    every = whole(runner({}, dict.fromkeys(fast.FAST, raised)))
    assert (one, every) == (2 if "Value" in error else 0, 2)
    assert f"{SMOTE}: both raise {error}" in capsys.readouterr().out


def test_without_peaks(whole, capsys):
    def run_round(sides, names, first, *, timed=True):
        for name in names:
            yield name, rounds.Measured((0.01, 0.01), None)

    assert whole(run_round, "--only", "neighbors.Build") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 left out, 1 same"


def test_bounds_that_are_not_there_yet():
    made = recorded([(0.1, 0.1)])
    assert "- .. -" not in table.as_text([recorded([(0.1, 0.1)] * 7), recorded([], "memory")])
    assert "0.000 .. -" in table.as_text([made, recorded([], "memory")])
    assert made.as_dict()["interval"] == [0.0, None]


# ---- bad use


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-commit"], "must be commits of"),
        (["HEAD", "no-such-commit"], "must be commits of"),
        (["HEAD", ""], "must be commits of"),
        (["HEAD", "--", "--output=no"], "must be commits of"),
        (["HEAD", "--json", "no/such/folder.json"], "--json must be a file"),
        (["HEAD", "--json", "."], "--json must be a file"),
        (["HEAD", "--json", "/proc/found.json"], "--json must be a file"),
        (["HEAD", "--only", "nothing has this"], "--only must be found in a name"),
        (["HEAD", "--only", "("], "--only must be a regular expression"),
        (["HEAD", "--rounds", "3"], "--rounds must be at least 13"),
    ],
)
def test_bad_use(arguments, said, capsys):
    if shutil.which("git") is None or not (REPOSITORY / ".git").exists():
        pytest.skip("not in a repository")
    assert gate.main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_folder_without_a_repository(tmp_path):
    with pytest.raises(BadUse, match=r"must be commits of .* Got 'HEAD'"):
        commit_of("HEAD", tmp_path)


def test_a_build_that_fails(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    with pytest.raises(BadUse, match="is not built"):
        build(None, tmp_path / "base", source)


def test_a_build_that_raises(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (tmp_path / "backend.py").write_text("def build_wheel(*given):\n    raise ValueError('not today')\n")
    with pytest.raises(BadUse, match=r"is not built: ValueError: not today$"):
        build(None, tmp_path / "base", tmp_path)


def test_unknown_options():
    with pytest.raises(SystemExit) as ended:
        gate.main([])
    assert ended.value.code == 2


def test_chosen():
    assert chosen("", fast.FAST) == list(fast.FAST)
    assert chosen(r"^over_sampling\.Smote\.", fast.FAST) == [SMOTE]


def test_interrupted(whole, capsys, monkeypatch):
    made = []

    def run_round(sides, names, first, *, timed=True):
        made.append(sides[0].folder.parent)
        assert made[0].exists()
        raise KeyboardInterrupt
        yield

    assert whole(run_round) == 130
    assert not made[0].exists()


# ---- workers

QUICK = next(n for n in fast.FAST if n.startswith("weights.FocalDerivatives"))


def test_workers_end(tmp_path):
    """Of one that is gone in the middle of a benchmark, and of both after the round."""
    side = Side(tmp_path, tmp_path)
    with rounds.workers((side, side)) as pair:
        pair[0]._process.kill()
        with pytest.raises(rounds.Raised):
            pair[0].answer()
        assert [worker.is_alive for worker in pair] == [False, True]
    assert [worker._process.poll() is not None for worker in pair] == [True, True]


# ---- its proof


def test_plants_find_their_places(tmp_path):
    shutil.copytree(REPOSITORY / "fastsmote", tmp_path / "fastsmote", ignore=shutil.ignore_patterns("*.nbc"))
    shares = dict.fromkeys((change.name for change in gate_proof.PLANTS), 40)
    gate_proof.plant(tmp_path, shares)
    for change in gate_proof.PLANTS:
        path = tmp_path / "fastsmote" / "_kernels" / change.file
        compile(path.read_text(), str(path), "exec")
        assert len([name for name in fast.FAST if name.startswith(change.benchmark)]) == 1
    with pytest.raises(SystemExit, match="does not find its place"):
        gate_proof.plant(tmp_path, shares)


def test_report_of_trials(tmp_path, monkeypatch):
    shares = dict.fromkeys((change.name for change in gate_proof.PLANTS), 40)
    (tmp_path / "built").write_text(json.dumps({"commit": "0123456789", "shares": shares}))
    names = [
        name for name in fast.FAST if name.startswith(tuple(plant.benchmark for plant in gate_proof.PLANTS))
    ]
    assert len(names) == len(gate_proof.PLANTS)
    nominal = next(name for name in names if name.startswith("over_sampling.SmoteNC"))
    for place, ratios in enumerate([{SMOTE: (1.2, 1.0)}, {SMOTE: (1.1, 1.0), nominal: (1.0, 1.08)}]):
        monkeypatch.setattr(rounds, "run_round", runner(ratios))
        gate_proof.trial(tmp_path / f"planted-{place:02}.json", None, names)
    gate_proof.trial(tmp_path / "planted-00.json", None, names)  # is there: not made again
    monkeypatch.setattr(rounds, "run_round", runner({BUILD: (1.1, 1.0)}))
    gate_proof.trial(tmp_path / "equal-00.json", None, fast.FAST)
    told = gate_proof.report(tmp_path)
    assert f"| fill of new rows, time | 40 % | {SMOTE} | 1.150 (1.100 .. 1.200) | 14 | 2 of 2 |" in told
    assert f"| rows and categories, memory |  | {nominal} | 1.040 (1.000 .. 1.080) | 10.5 | 1 of 2 |" in told
    assert told.endswith(
        f"1 alarms in 1 gates.\nTheir verdicts: 1 loss, {N - 1} same.\nAlarm: {BUILD}, time, 1.100"
    )


# ---- the whole, with builds and processes


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone with the benchmarks of this tree, in whose working tree a call takes twice as long."""
    if shutil.which("git") is None or not (REPOSITORY / ".git").exists():
        pytest.skip("not in a repository")
    folder = tmp_path_factory.mktemp("clone")
    subprocess.run(["git", "clone", "-q", str(REPOSITORY), str(folder)], check=True)
    shutil.copytree(REPOSITORY / "asv_bench", folder / "asv_bench", dirs_exist_ok=True)
    losses = folder / "fastsmote" / "_probability" / "losses.py"
    once = "n_wrong[lo // rows] = work(_registers(score), lo, hi)"
    text = losses.read_text()
    assert text.count(once) == 1
    losses.write_text(text.replace(once, f"work(_registers(score), lo, hi); {once}"))
    return folder


@pytest.fixture
def start(clone, tmp_path):
    """The command in the clone; nothing that it makes may be left when it has ended."""

    def start(*arguments):
        environment = {k: v for k, v in os.environ.items() if k != "FASTSMOTE_CACHE"}
        return subprocess.Popen(
            [sys.executable, "asv_bench/gate.py", *arguments, "--only", "FocalDerivatives", "--rounds", "16"],
            cwd=clone, env=environment | {"TMPDIR": str(tmp_path)}, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    yield start
    assert list(tmp_path.iterdir()) == []
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert not [
        line for line in status.stdout.splitlines() if "asv_bench" not in line and "losses" not in line
    ]


@pytest.mark.slow
def test_twice_the_time_in_the_working_tree(start):
    process = start("HEAD")
    out, err = process.communicate()
    assert process.returncode == 1, err
    [row] = [line.split() for line in out.splitlines() if line.endswith("loss")]
    assert 1.5 < float(row[row.index("..") - 2]) < 2.2


@pytest.mark.slow
def test_a_commit_and_itself(start):
    process = start("HEAD", "HEAD")
    out, err = process.communicate()
    assert process.returncode == 0, out + err


@pytest.mark.slow
@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("moment", ["building", "compiling"])
@pytest.mark.parametrize("times", [1, 4])
def test_ctrl_c(start, moment, times):
    process = start("HEAD", "HEAD")
    while not process.stderr.readline().startswith(moment):
        assert process.poll() is None
    time.sleep(2)
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "Interrupted; nothing is left behind."


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["building", "compiling"])
def test_ended_by_another(start, moment):
    process = start("HEAD", "HEAD")
    while not process.stderr.readline().startswith(moment):
        assert process.poll() is None
    time.sleep(2)
    process.terminate()
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
