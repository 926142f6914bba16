"""The gallery: each script runs, shows what it showed, and can be read without colour and on a telephone.

Pictures are compared as the records of ``contract/pictures.py``, not as pixels: the same picture has other
pixels with each release of matplotlib, and a model that rounds otherwise moves a point by less than anybody
sees. What moves by 3 % of its axes, or says another word or number, fails.
"""

import copy
import json

import pytest

pyplot = pytest.importorskip("matplotlib.pyplot")
for needed in ("sklearn", "pandas"):
    pytest.importorskip(needed)

from contract.pictures import GALLERY, RECORD, SCRIPTS, alike, differences, figures_of, shown, smallest  # noqa: E402

KEPT = json.loads(RECORD.read_text("utf-8"))


def test_each_script_asks_a_question_and_has_a_record():
    titles = {name: (GALLERY / f"{name}.py").read_text("utf-8").splitlines()[1] for name in SCRIPTS}
    assert [name for name, title in titles.items() if not title.endswith("?")] == []
    assert len(set(titles.values())) == len(SCRIPTS) >= 16
    assert sorted(KEPT) == SCRIPTS


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_pictures(name):
    figures = list(figures_of(name))
    assert differences(KEPT[name], [shown(figure) for figure in figures]) == []
    for figure in figures:
        assert alike(figure) == []
        assert smallest(figure) >= 8


@pytest.fixture
def axes():
    figure = pyplot.Figure(figsize=(5, 4))
    axes = figure.subplots()
    axes.plot([0, 1, 2], [0, 1, 4], "o-", label="one (AP 0.90)")
    axes.plot([0, 1, 2], [4, 1, 0], "s--", label="other (AP 0.80)")
    axes.set(xlim=(0, 2), ylim=(0, 4), title="A picture")
    axes.legend(loc="center")
    return axes


def test_what_a_record_sees(axes):
    line = axes.lines[0]
    before = shown(axes.figure)
    assert before["axes"][0]["lines"][0] == [[0, 0], [0.5, 0.25], [1, 1]]
    assert differences(before, shown(axes.figure)) == []
    line.set_ydata([0, 1.1, 4])  # 2.5 % of the height
    assert differences(before, shown(axes.figure)) == []
    line.set_ydata([0, 1.2, 4])
    assert differences(before, shown(axes.figure)) == ["/axes/0/lines/0/1/1: 0.3, recorded 0.25"]
    after = copy.deepcopy(before)
    after["axes"][0]["legend"] = ["one (AP 0.91)", "another (AP 0.80)"]
    assert len(differences(before, after)) == 1  # the number is near enough, the word is another
    after["axes"][0]["legend"] = ["one (AP 0.70)", "other (AP 0.80)"]
    assert len(differences(before, after)) == 1
    line.remove()
    assert len(differences(before, shown(axes.figure))) == 1


def test_what_only_colour_tells_apart(axes):
    assert alike(axes.figure) == []
    axes.lines[0].set(color="tab:red", linestyle="-", marker="o")
    axes.lines[1].set(color="tab:green", linestyle="-", marker="o")
    axes.legend()
    assert alike(axes.figure) == [("one (AP 0.90)", "other (AP 0.80)")]
    axes.lines[1].set(linestyle=":")
    axes.legend()
    assert alike(axes.figure) == []


def test_the_smallest_letters(axes):
    assert smallest(axes.figure) == pytest.approx(10 / 72 * 380 / 5)
    axes.title.set_fontsize(5)
    assert smallest(axes.figure) == pytest.approx(5 / 72 * 380 / 5)
