"""A plan is public and travels: what kernels would take on trust is checked. And rows by their numbers."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from strategies import fraud

import fastsmote
from fastsmote.plan import SyntheticPlan

X, y = fraud(300, 4, shares=(0.8, 0.2))
N = len(X)
WORDS = np.array(["a", "b", "c"])[(np.abs(X[:, :2]) * 2).astype(int) % 3]
CODED = np.column_stack([X, np.arange(N) % 3])


def plain(base=3, neighbor=4, gap=0.5, n=6):
    return np.full(n, base), np.full(n, neighbor), np.full(n, gap), np.ones(n, int)


@pytest.mark.parametrize("base", [N, -1, 10**9, -(2**63), 2**63 - 1])
@pytest.mark.parametrize("field", ["base", "neighbor"])
def test_rows_that_X_has_not__D1(base, field):
    with pytest.raises(ValueError, match=rf"must have {field} from 0 to 299\. Got .*; make the plan anew"):
        SyntheticPlan(*plain(**{field: base}), N)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("gap", np.zeros(5), r"gap as float64 of shape \(6,\). Got float64 of shape \(5,\)"),
        ("gap", np.full(6, np.nan), "gap of finite numbers up to 1. Got nan"),
        ("gap", np.full(6, 1.5), "gap of finite numbers up to 1"),
        ("base", np.zeros(6, np.int32), "base as int64"),
        ("base", [1, 2], "base as an array with 1 dimension. Got list"),
        ("label", np.zeros(5, int), "label as an array of shape"),
        ("n_rows", 0, "n_rows as a whole number from 1 on. Got 0"),
        ("n_features", 2.5, "n_features as a whole number"),
        ("counts_before", None, "counts_before as a dict"),
        ("counts_before", {0: -1}, "counts_before of whole numbers"),
        ("rules", (1, 2), "rules as a record ColumnRules"),
    ],
)
def test_fields_of_another_kind__D1(field, value, message):
    made = SyntheticPlan(*plain(), N, 4)
    with pytest.raises(ValueError, match=message):
        replace(made, **{field: value})


def test_arrays_that_were_written_to_after_the_plan_was_made__D1():
    for field, value in (("base", 10**9), ("neighbor", -1), ("gap", np.nan)):
        arrays = plain()
        made = SyntheticPlan(*arrays, N)
        made.rows(X)
        arrays[("base", "neighbor", "gap").index(field)][4] = value
        assert made.rows(X, 0, 4).shape == (4, 4)  # rows that are as they were
        for use in (
            lambda made=made: made.rows(X),
            lambda made=made: made.rows(X, [4]),
            lambda made=made: list(made.blocks(X, 2)),
            lambda made=made: made.weights(y),
            lambda made=made: fastsmote.plan.concatenate([made]),
            lambda made=made: fastsmote.leakage_report(
                X[:200], X[200:], plan=made, test_rows=np.arange(200, N)
            ),
            lambda made=made: pickle.loads(pickle.dumps(made)),
        ):
            with pytest.raises(ValueError, match=f"SyntheticPlan must have {field}"):
                use()


def test_donors_and_noise_beyond_their_arrays__D1():
    nominal = fastsmote.plan.smotenc(CODED, y, categorical_features=[4], random_state=0)
    smoothed = fastsmote.plan.random_over_sample(X, y, shrinkage=0.1, random_state=0)
    donors, smoothing = nominal.donors, smoothed.smoothing
    for made, data, record, changes in (
        (nominal, CODED, "donors", {"rows": donors.rows + N}),
        (nominal, CODED, "donors", {"place": donors.place + len(donors.rows)}),
        (nominal, CODED, "donors", {"columns": donors.columns + 1}),
        (smoothed, X, "smoothing", {"group": smoothing.group + 2}),
        (smoothed, X, "smoothing", {"first": smoothing.first + len(smoothed)}),
        (smoothed, X, "smoothing", {"deviation": smoothing.deviation[:1]}),
    ):
        wrong = getattr(made, record)._replace(**changes)
        with pytest.raises(ValueError, match=f"must have {record}"):
            replace(made, **{record: wrong})
        other = pickle.loads(pickle.dumps(made))
        other.__dict__[record] = wrong
        with pytest.raises(ValueError, match=f"must have {record}"):
            other.rows(data)


def test_noise_beside_categories__D1():
    """No sampler makes both: the columns of frames and of arrays would get other noise."""
    nominal = fastsmote.plan.smotenc(CODED, y, categorical_features=[4], random_state=0)
    smoothed = fastsmote.plan.random_over_sample(CODED, y, shrinkage=0.1, random_state=0)
    with pytest.raises(ValueError, match="smoothing or donors, not both"):
        replace(smoothed, donors=nominal.donors)


def test_gaps_between_rows_of_words__D1():
    """Without n_features only rows that are repeated can be made of words."""
    assert SyntheticPlan(*plain(gap=0.0), N).rows(WORDS).tolist() == [WORDS[3].tolist()] * 6
    with pytest.raises(ValueError, match="numbers"):
        SyntheticPlan(*plain(), N).rows(WORDS)


def test_steps_of_sparse_rows_beyond_the_range_of_floats():
    """As of dense rows: they are not made."""
    data = np.where(np.arange(X.size).reshape(X.shape) % 3 == 0, X, 0.0)
    made = SyntheticPlan(*plain(gap=-1e308), N, 4)
    expected = made.rows(data)
    assert np.isfinite(expected).all()
    actual = made.rows(sparse.csr_array(data))
    assert actual.toarray().tolist() == expected.tolist()
    assert actual.nnz == np.count_nonzero(expected)


def test_a_plan_without_counts__D7():
    made = SyntheticPlan(*plain(), N)
    assert repr(made).startswith(f"SyntheticPlan: {len(made)} new rows for {N} rows")
    assert made.counts_after == {}
    empty = object.__new__(SyntheticPlan)
    assert repr(empty) == "<SyntheticPlan that can not be shown: AttributeError>"
    with pytest.raises(ValueError, match="must have base"):
        empty.rows(X)


def kinds():
    pd = pytest.importorskip("pandas")
    plan = fastsmote.plan
    holed = np.where(np.arange(X.size).reshape(X.shape) % 11 == 0, np.nan, X)
    frame = pd.DataFrame(X).assign(shop=pd.Categorical(WORDS[:, 0]))
    smoothed = plan.random_over_sample(X, y, shrinkage=0.3, random_state=0)
    return {
        "smote": (plan.smote(X, y, random_state=0), X),
        "float32": (plan.smote(X.astype(np.float32), y, random_state=0), X.astype(np.float32)),
        "list": (plan.smote(X.tolist(), y, random_state=0), X.tolist()),
        "smoothed": (smoothed, X),
        "joined": (plan.concatenate([smoothed, plan.smote(X, y, random_state=1), smoothed]), X),
        "missing": (plan.smote(holed, y, missing="nan-euclidean", random_state=0), holed),
        "rules": (plan.smote(X, y, columns={0: "integer", 1: "immutable"}, random_state=0), X),
        "coded": (plan.smotenc(CODED, y, categorical_features=[4], random_state=0), CODED),
        "words": (plan.smoten(WORDS, y, random_state=0), WORDS),
        "repeated words": (plan.random_over_sample(WORDS, y, random_state=0), WORDS),
        "frame": (plan.smotenc(frame, y, random_state=0), frame),
        "sparse": (plan.smote(sparse.csc_array(X), y, random_state=0), sparse.csc_array(X)),
    }


def comparable(rows):
    if sparse.issparse(rows):
        rows = rows.toarray()
    return np.asarray(rows).astype(str)


@pytest.mark.parametrize("name", list(kinds()))
def test_rows_by_their_numbers__D9(name):
    """In any order, with repeats, each row has the bits that it has in a range."""
    made, data = kinds()[name]
    everything = made.rows(data)
    whole = comparable(everything)
    shuffled = np.random.default_rng(0).permutation(len(made))
    for numbers in (shuffled, shuffled[:7], [3, 0, 3], range(5), np.array([2], np.uint8), []):
        some = made.rows(data, numbers)
        assert type(some) is type(everything)
        assert (comparable(some) == whole[np.asarray(numbers, np.int64)]).all()
        assert comparable(some).shape == (len(numbers), whole.shape[1])
    if name in ("smote", "float32", "smoothed", "coded"):
        out = np.empty((7, whole.shape[1]), everything.dtype)
        assert made.rows(data, shuffled[:7], out=out) is out
        assert (comparable(out) == whole[shuffled[:7]]).all()


def test_numbers_of_rows_that_are_none__D9():
    made = fastsmote.plan.smote(X, y, random_state=0)
    n = len(made)
    for numbers in ([n], [-1], np.array([0, 2**62])):
        with pytest.raises(ValueError, match=rf"start must be row numbers of the plan, in \[0, {n - 1}\]"):
            made.rows(X, numbers)
    with pytest.raises(TypeError, match="for a mask pass"):
        made.rows(X, np.ones(n, bool))
    with pytest.raises(TypeError, match="for a mask pass"):
        made.rows(X, True)
    with pytest.raises(TypeError, match=r"start and stop must be integers\. Got 0 and True"):
        made.rows(X, 0, True)
    with pytest.raises(TypeError, match="start and stop must be integers, or"):
        made.rows(X, [1, 2], 3)
    with pytest.raises(TypeError, match="start and stop must be integers, or"):
        made.rows(X, None)
    with pytest.raises(ValueError, match="out must be an array of shape"):
        made.rows(X, [1, 2], out=np.empty((3, 4)))


@pytest.mark.parametrize("field", ["base", "gap", "n_rows", "donors", "counts_before"])
def test_plans_with_a_text_in_place_of_a_field_are_compared__D7(field):
    plans = [fastsmote.plan.smote(X, y, random_state=0) for _ in range(3)]
    for made, text in zip(plans, ["x", "x", "another"], strict=True):
        made.__dict__[field] = text
    if field == "donors":
        with pytest.raises(ValueError, match="donors"):
            plans[0].rows(X)
    assert plans[0] == plans[1] != plans[2]
