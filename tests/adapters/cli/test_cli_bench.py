"""``fastsmote demo`` and ``fastsmote bench``: a row for each, and comparisons that compare."""

import re

import pytest
from adapters.cli.commands import command

import fastsmote

pytest.importorskip("rich")
pytest.importorskip("typer")


@pytest.mark.parametrize("method", ["smote", "tomek_links"])
def test_demo(method):
    result = command("demo", "--rows", 20_000, "--method", method)
    assert result.exit_code == 0, result.output
    fraud = next(line for line in result.output.splitlines() if "1 (fraud)" in line)
    before, after, held, test = (
        int(number.replace(",", "")) for number in re.findall(r"[\d,]+(?= *│)", fraud)
    )
    assert (before, held, test) == (26, 4, 5)
    assert after == (14_974 if method == "smote" else 26)
    assert "What ends well" in result.output
    assert re.search(rf"{method}: (worth a try|don.t), here", result.output)


@pytest.mark.slow
def test_bench_prints_a_row_for_each():
    pytest.importorskip("imblearn")
    names = "tomek_links,random_under_sample,precision_recall_curve"
    result = command("bench", "--rows", 3000, "--scores", 20000, "--only", names, "--markdown")
    assert result.exit_code == 0, result.output
    lines = [line.strip("| ").split(" | ") for line in result.output.splitlines() if line.startswith("| ")]
    rows = {(line[0], line[1]): line for line in lines[2:]}
    assert {subject for subject, _ in rows} == set(names.split(","))
    assert not [line for line in lines if "failed" in line[-1]]
    assert rows["tomek_links", "imbalanced-learn"][6] == "0 kept rows differ"
    assert rows["random_under_sample", "imbalanced-learn"][6] == "same number of rows"
    assert float(rows["precision_recall_curve", "scikit-learn"][6].split()[0]) < 1e-12
    assert all(float(line[4].removesuffix("x")) > 0 for line in lines[2:] if line[1] != "fastsmote")


@pytest.mark.slow
def test_bench_of_neighbors_counts_queries():
    pytest.importorskip("sklearn")
    result = command("bench", "--rows", 6_000, "--only", "neighbors_fraud_1m", "--markdown")
    assert result.exit_code == 0, result.output
    lines = [line.strip("| ").split(" | ") for line in result.output.splitlines() if line.startswith("| ")]
    rows = {line[1]: line for line in lines[2:]}
    assert not [line for line in lines if "failed" in line[-1]]
    assert "fastsmote, 6,000 queries" in rows
    sampled = rows["scikit-learn brute, 3,000 queries"]
    assert sampled[2] == "6,000"
    assert re.fullmatch(r"(0.0e\+00|\d.\de-\d\d) relative, \d+ indices differ", sampled[6])
    per_second = float(sampled[7].split(" queries/s")[0].replace(",", ""))
    assert per_second * float(sampled[3].removesuffix(" s")) == pytest.approx(3_000, rel=0.02)


@pytest.mark.parametrize(
    ("subject", "peer", "pattern"),
    [
        ("smote", "imbalanced-learn", "same number of rows"),
        ("adasyn", "imbalanced-learn", r"same number of rows|[-+]\d+ rows"),
        ("random_over_sample", "imbalanced-learn", "same number of rows"),
        ("neighbors_fraud_100k", "scikit-learn brute", r"\d.\de-\d\d relative, \d+ indices differ"),
        ("neighbors_fraud_1m", "FAISS flat, float32", r"\d.\de-\d\d relative, \d+ indices differ"),
        ("neighbors_8_features", "SciPy cKDTree", r"(0.0e\+00|\d.\de-\d\d) relative, \d+ indices differ"),
        ("neighbors_8_features", "oneDAL kd-tree", r"\d.\de-\d\d relative, \d+ indices differ"),
        ("neighbors_minority", "oneDAL brute", r"\d.\de-\d\d relative, \d+ indices differ"),
        ("roc_auc_score", "scikit-learn", r"(0.0e\+00|\d.\de-1\d) absolute"),
        ("average_precision_score", "scikit-learn", r"(0.0e\+00|\d.\de-1\d) absolute"),
    ],
)
def test_bench_compares_results(subject, peer, pattern):
    from fastsmote.cli._subjects import SUBJECTS

    kept = []
    for candidate in SUBJECTS[subject].peers:
        if candidate.name in ("fastsmote", peer):
            for module in candidate.requires:
                pytest.importorskip(module)
            call, keep = candidate.build()
            if SUBJECTS[subject].data == "rows":
                arguments = fastsmote.make_fraud(2_000, fraud_rate=0.02)
            else:
                X, y = fastsmote.make_fraud(2_000, fraud_rate=0.02)
                arguments = y, X[:, 1]
            kept.append(keep(call(*arguments), *arguments))
    assert re.fullmatch(pattern, SUBJECTS[subject].compare(*kept))


def test_samplers_of_subjects_are_those_of_the_registry():
    from fastsmote._sampling.registry import SAMPLERS
    from fastsmote.cli._subjects import SUBJECTS

    pytest.importorskip("imblearn")
    for subject in SUBJECTS.values():
        for peer in subject.peers:
            if peer.name == "imbalanced-learn":
                call, _ = peer.build()
                assert type(call.__self__).__name__ in {row.drop_in for row in SAMPLERS.values()}


@pytest.mark.slow
def test_bench_of_other_shapes():
    pytest.importorskip("imblearn")
    names = (
        "long_lists,adasyn_500x20000,smote_one_hot_20000x200,near_miss_sparse,neighbors_sparse,"
        "smotenc_200_rows,near_miss_200_rows"
    )
    result = command("bench", "--rows", 1_000, "--only", names, "--markdown")
    assert result.exit_code == 0, result.output
    lines = [line.strip("| ").split(" | ") for line in result.output.splitlines() if line.startswith("| ")]
    assert not [line for line in lines if "failed" in line[-1]]
    rows = {(line[0], line[1].split(",")[0]): line for line in lines[2:]}
    assert rows["near_miss_sparse", "imbalanced-learn"][6] == "0 kept rows differ"
    assert rows["enn_mode_500", "imbalanced-learn"][6] == "0 kept rows differ"
    assert rows["neighbors_all_others", "fastsmote"][2] == "1,000"
    assert rows["adasyn_500x20000", "fastsmote"][2] == "500"
    assert rows["smotenc_200_rows", "imbalanced-learn"][6] == "same number of rows"
    assert rows["near_miss_200_rows", "fastsmote"][2] == "200"


def test_groups_of_subjects():
    from fastsmote._sampling.registry import SAMPLERS
    from fastsmote.cli._bench import _chosen
    from fastsmote.cli._subjects import GROUPS, SUBJECTS

    assert sum(map(len, GROUPS.values())) == len(SUBJECTS)
    assert _chosen(None) == list(GROUPS["large"])
    assert _chosen("sparse,smote") == [*GROUPS["sparse"], "smote"]
    assert _chosen("smote,large,small")[0] == "smote"
    assert len(set(_chosen("smote,large,small"))) == len(_chosen("smote,large,small"))
    assert {name.removesuffix("_200_rows") for name in GROUPS["small"]} >= {
        row.name for row in SAMPLERS.values() if row.drop_in
    }


@pytest.mark.parametrize(
    ("name", "rows", "shown"),
    [
        ("smote_one_hot_100000x500", 1_000, "smote_one_hot_1000x500"),
        ("neighbors_500x20000_float32", 100, "neighbors_100x20000_float32"),
        ("neighbors_2000x1000", 1_000, "neighbors_1000x1000"),
        ("adasyn_500x20000", 500, "adasyn_500x20000"),
        ("smote_1000_rows", 300, "smote_300_rows"),
        ("cluster_centroids_3000x5", 20, "cluster_centroids_20x5"),
        ("smote", 1_000, "smote"),
    ],
)
def test_subjects_say_how_many_rows_they_have(name, rows, shown):
    from fastsmote.cli._measure import of_size
    from fastsmote.cli._subjects import SUBJECTS

    assert of_size(name, SUBJECTS[name], rows) == shown


def test_tables_of_other_shapes():
    from fastsmote.cli._shapes import SHAPES, make_shape
    from fastsmote.cli._subjects import GROUPS

    wanted = {of.table for name, group in GROUPS.items() if name != "large" for of in group.values()}
    assert wanted == set(SHAPES)
    for name, shape in SHAPES.items():
        X, y = make_shape(shape, 100)
        assert X.shape == (100, shape.features)
        assert len(y) == 100
        assert 1 <= y.sum() < 50
        assert X.dtype == ("float32" if "float32" in name else "float64")
        if "one-hot" in name:
            assert (X.sum(axis=1) == shape.features / 10).all()
            assert set(X.ravel().tolist()) == {0.0, 1.0}


def test_bench_refuses_unknown_subjects():
    result = command("bench", "--only", "smote,smut")
    assert result.exit_code == 2
    assert "large, wide, few, one_hot, long_lists, sparse, small" in result.stderr
    assert "smote, smote_10_percent, borderline_smote" in result.stderr


@pytest.mark.parametrize(("power", "expected"), [(1, 1_000_000), (2, 230_000), (3, 110_000)])
def test_bench_size_of_slow_peers(power, expected):
    from fastsmote.cli._measure import largest_size

    class Peer:
        """Takes n ** power, and 60 seconds where the limit is met."""

        calls = 0.0

        def run(self, size):
            scale = {1: 2e-6, 2: 1e-9, 3: 4e-14}[power]
            self.calls += scale * size**power
            return {"seconds": scale * size**power}

    peer = Peer()
    size, _ = largest_size(peer, 1_000_000)
    assert size == expected
    assert peer.calls < 60
