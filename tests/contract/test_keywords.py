"""Keywords that a sampler does not have are told with the one that is meant, old names included (C7)."""

import inspect

import pytest

import fastsmote
from fastsmote._sampling.registry import SAMPLERS

ROWS = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("name", SAMPLERS)
def test_ratio_is_sampling_strategy(name):
    with pytest.raises(TypeError, match=rf"{name}\(\) got .*'ratio'. ratio is sampling_strategy here"):
        getattr(fastsmote, name)(*ROWS, ratio=0.5)


@pytest.mark.parametrize(
    ("name", "keyword", "hint"),
    [
        ("smote", "k", "k is k_neighbors here"),
        ("smote", "k_neighbours", "Did you mean k_neighbors?"),
        ("smote", "n_neighbors", "n_neighbors is k_neighbors here"),
        ("tomek_links", "return_indices", "fastsmote.select gives row numbers"),
        ("near_miss", "size_ngh", "size_ngh is n_neighbors here"),
        ("near_miss", "ver", "ver is version here"),
        ("svm_smote", "svm_estimator", "support, which takes a classifier"),
        ("smote", "xyz", "It takes X, y, sampling_strategy"),
    ],
)
def test_old_and_misspelt_keywords(name, keyword, hint):
    with pytest.raises(TypeError) as error:
        getattr(fastsmote, name)(*ROWS, **{keyword: 3})
    assert hint in str(error.value)
    assert repr(keyword) in str(error.value)


@pytest.mark.parametrize("module", [fastsmote.plan, fastsmote.select], ids=["plan", "select"])
def test_old_keywords_of_decisions(module):
    names = [name for name in SAMPLERS if hasattr(module, name)]
    assert len(names) >= 8
    for name in names:
        with pytest.raises(TypeError, match=r"'ratio'\. ratio is sampling_strategy here"):
            getattr(module, name)(*ROWS, ratio=0.5)


def test_errors_of_the_work_stay_as_they_are():
    with pytest.raises(TypeError, match=r"k_neighbors must be an integer >= 1. Got '3' of type str.$"):
        fastsmote.smote(*ROWS, k_neighbors="3")


@pytest.mark.parametrize("name", SAMPLERS)
def test_signatures_stay_readable(name):
    function = getattr(fastsmote, name)
    assert "sampling_strategy" in inspect.signature(function).parameters
    assert function.__name__ == name
