"""A positive label that no row has: an error in every function that takes one, but for streams."""

import inspect

import numpy as np
import pytest
from contract.public import as_taken, of_object, public_items

import fastsmote

N = 40
Y, SCORE = np.arange(N) % 2, (np.arange(N) + 0.5) / N
VALUES = {
    "y_true": Y, "y_score": SCORE, "y_prob": SCORE, "y_pred": SCORE > 0.5, "p": SCORE, "score": SCORE,
    "data": Y, "other_score": -SCORE, "X": np.column_stack([SCORE, SCORE]), "y": Y, "logits": SCORE,
    "cost_fp": 1.0, "cost_fn": 2.0,
}  # fmt: skip


def _calls():
    """Public functions with a ``pos_label``, as functions of labels and label."""
    for name, function in public_items():
        parameters = inspect.signature(function).parameters
        if inspect.isclass(function) or of_object(parameters) or "pos_label" not in parameters:
            continue
        needed = {
            key
            for key, one in parameters.items()
            if one.default is one.empty and one.kind is not one.VAR_KEYWORD
        }
        needed |= {"y_score", "y_prob"} & set(parameters)  # of pictures they have a default
        options = {"beta": 1.0} if "beta" in needed else {}
        options |= {"average": "binary"} if "average" in parameters and "y_pred" in needed else {}
        options |= {"n_resamples": 2} if "n_resamples" in parameters else {}
        needed -= set(options)
        if not needed & {"y_true", "data", "y"} or "source" in needed:
            continue  # takes what another one made of labels, or a file (adapters/files/test_scores.py)
        assert needed <= set(VALUES), (name, needed)
        given = {key: VALUES[key] for key in needed} | options

        def call(
            y, pos_label, name=name, function=function, given=given, column={"data", "y_true", "y"} & needed
        ):
            labels = dict.fromkeys(column, y)
            if "y_pred" in given:
                labels["y_pred"] = np.where(given["y_pred"], y[1], y[0])
            values = {key: as_taken(name, value) for key, value in (given | labels).items()}
            return function(**values, pos_label=pos_label)

        yield name, call


CALLS = dict(_calls())


def test_there_are_many():
    assert len(CALLS) >= 25


@pytest.mark.parametrize("name", CALLS)
def test_a_positive_label_that_does_not_occur_is_an_error__B6(name):
    """It made "alert nobody" the best choice, at no cost (scikit-learn 12312)."""
    for labels, pos_label in (
        ((0, 1), 5), ((0, 1), "1"), (("yes", "no"), "maybe"),
        (("0", "1"), 1), ((False, True), 2), ((1, 2), 0),
    ):  # fmt: skip
        column = np.array(labels, object)[Y]
        with pytest.raises(ValueError, match=r"pos_label=.* is not a valid label\. It should be one of"):
            CALLS[name](column, pos_label)


@pytest.mark.parametrize("name", ["confusion_sweep", "roc_curve", "calibration_curve", "focal_loss"])
def test_a_positive_label_that_none_of_several_is__B6(name):
    with pytest.raises(ValueError, match=r"pos_label=77 is not a valid label.*\[0, 1, 2, .*\] and 10 more"):
        getattr(fastsmote, name)(np.arange(20), np.arange(20) / 20, pos_label=77)


def test_rows_of_one_class_may_all_be_negative():
    """A part of the rows without positives is no misspelt label."""
    sweep = fastsmote.confusion_sweep([0, 0], [0.1, 0.2], pos_label=1)
    assert (sweep.tps.tolist(), sweep.fps.tolist()) == ([0, 0], [1, 2])
    assert fastsmote.confusion_sweep(["a", "a"], [0.1, 0.2], pos_label="b").prevalence == 0
    assert fastsmote.brier_score(["a", "a"], [0.5, 0.5], pos_label="b") == 0.25


def test_positives_without_weight_occur():
    sweep = fastsmote.confusion_sweep(
        ["a", "b", "b"], [0.1, 0.2, 0.3], pos_label="a", sample_weight=[0, 1, 2]
    )
    assert (sweep.tps.tolist(), sweep.fps.tolist()) == ([0, 0], [2, 3])


def test_streams_count_chunks_without_positives():
    stream = fastsmote.StreamingSweep(pos_label="b").update(["a", "c"], [0.1, 0.2])
    assert stream.update(["b", "c"], [0.3, 0.2]).compute().tps.tolist() == [1, 1, 1]
