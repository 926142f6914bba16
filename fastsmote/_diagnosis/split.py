"""How the two parts came about, as the user knows it: a plan, where rows stand in it, and labels."""

from typing import Any, NamedTuple, NoReturn

import numpy as np

from fastsmote._core.check import check_row_numbers
from fastsmote._core.labels import Labels, check_labels
from fastsmote._core.typing import RowIds
from fastsmote._diagnosis.leakage import PlanLinks, find_links
from fastsmote._sampling.over.checked import check_fields
from fastsmote._sampling.over.plan import SyntheticPlan

__all__ = ["PlanLinks", "Split", "SyntheticPlan", "check_plan", "check_test_labels", "read_classes"]

_MOST_CLASSES = 32  # searched one by one; of more, rows of all classes are searched together


class Split(NamedTuple):
    """What the user knows of the two parts beside their rows; each may be None."""

    plan: Any
    train_rows: Any
    test_rows: Any
    y_train: Any
    y_test: Any


def check_test_labels(split: Split, n_test: int) -> Labels | None:
    return None if split.y_test is None else check_labels(split.y_test, n_test, name="y_test", min_classes=1)


def read_classes(split: Split, n_train: int, test: Labels | None) -> RowIds | None:
    """Codes of the classes of all rows; None without, or where they are too many to search one by one."""
    if split.y_train is None:
        return None
    train = check_labels(split.y_train, n_train, name="y_train", min_classes=1)
    if test is None:
        raise_without_test_labels()
    codes = shared_codes(train.classes, test.classes)
    return None if codes is None else np.concatenate([codes[0][train.codes], codes[1][test.codes]])


def raise_without_test_labels() -> NoReturn:
    raise ValueError("y_train is used together with y_test only. Got no y_test; pass it, or leave both out.")


def shared_codes(train: Any, test: Any) -> tuple[RowIds, RowIds] | None:
    """Codes for the classes of each part, the same for equal ones; None where they are too many."""
    both = check_labels([*train.tolist(), *test.tolist()], name="y_train", min_classes=1)
    if len(both.classes) > _MOST_CLASSES:
        return None
    return both.codes[: len(train)], both.codes[len(train) :]


def check_plan(split: Split, n_train: int, n_test: int) -> PlanLinks | None:
    """Which rows the plan links across the parts, None without a plan."""
    plan, train_rows, test_rows = split.plan, split.train_rows, split.test_rows
    if plan is None:
        if train_rows is not None or test_rows is not None:
            raise ValueError(
                "train_rows and test_rows belong to a plan. Got no plan; pass it, or leave them out."
            )
        return None
    if not isinstance(plan, SyntheticPlan):
        raise TypeError(f"plan must be a SyntheticPlan. Got {plan!r}; pass what fastsmote.plan.* return.")
    check_fields(plan)
    every = plan.n_rows + len(plan)
    train = None if train_rows is None else _check_places(train_rows, "train_rows", every, n_train)
    if test_rows is not None:
        test = _check_places(test_rows, "test_rows", every, n_test)
        _check_disjoint(train, test)
    else:
        test = np.empty(0, np.int64) if train is None else np.setdiff1d(np.arange(every), train)
        _check_plan_is_of_train(plan, train, len(test), n_train, n_test)
    return find_links(plan, np.setdiff1d(np.arange(every), test) if train is None else train, test)


def _check_plan_is_of_train(
    plan: SyntheticPlan, train: RowIds | None, n_others: int, n_train: int, n_test: int
) -> None:
    """Without ``test_rows`` these are all others, or none in a plan of the train part alone."""
    whole = (plan.n_rows, plan.n_rows + len(plan))
    alone = train is None and n_train in whole and n_train + n_test not in whole
    if n_others != n_test and not alone:
        raise ValueError(
            "test_rows must be given for a plan of more than the train part. Got a plan for "
            f"{plan.n_rows} rows with {len(plan)} new ones, {n_train} train and {n_test} test rows; pass "
            "where the test rows stand in X followed by the new rows. If the plan was made for the train "
            "part alone, leave it out: it knows nothing of test rows."
        )


def _check_disjoint(train: RowIds | None, test: RowIds) -> None:
    different, counts = np.unique(test, return_counts=True)
    if len(different) < len(test):
        raise ValueError(
            "test_rows must name different rows, one for each row of X_test. Got "
            f"{different[counts.argmax()]} {counts.max()} times."
        )
    shared = test[:0] if train is None else np.intersect1d(train, test)
    if len(shared):
        raise ValueError(
            f"train_rows and test_rows must have no row in common. Got {shared[0]} in both; pass where the "
            "rows of each part stand in X followed by the new rows."
        )


def _check_places(rows: Any, name: str, every: int, n: int) -> RowIds:
    places = check_row_numbers(rows, every, name)
    if len(places) != n:
        part = "X_test" if name == "test_rows" else "X_train"
        raise ValueError(
            f"{name} must have one number for each of the {n} rows of {part}. Got {len(places)}."
        )
    return places
