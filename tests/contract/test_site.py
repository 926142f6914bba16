"""The site: pages run, every public name has a place in the API, every page stands in a table of contents."""

import re

import pytest
from contract.pages import BLOCK, run, runs, same
from contract.public import public_objects
from places import REPOSITORY

DOCS = REPOSITORY / "docs"
LEFT_OUT = {  # made by Sphinx, or no pages of their own
    "api/generated", "articles", "data", "examples", "gallery", "retold", "_templates",
}  # fmt: skip
PAGES = {
    name: path
    for path in sorted(DOCS.rglob("*.md"))
    if not any((name := path.relative_to(DOCS).as_posix()).startswith(folder) for folder in LEFT_OUT)
}
TEXTS = {name: path.read_text("utf-8") for name, path in PAGES.items()}
APART = {"CONTRIBUTING.md", "spark.md"}  # test_contributing.py, where its blocks are files; test_spark.py
RUN = [name for name, text in TEXTS.items() if name not in APART and any(map(runs, BLOCK.finditer(text)))]

PARTS = [("python", "x = 1\nprint(x)"), ("text", "2"), ("python", "print(x + 1)"), ("bash", "ls")]


@pytest.mark.parametrize("name", [*RUN, "../README.md"])
def test_pages_run(name, tmp_path, monkeypatch):
    text = (DOCS / name).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for block, printed, expected in run(text, name):
        assert expected is None or same(printed, expected), f"{name} printed {printed}below\n{block['code']}"


def test_blocks_and_what_they_print():
    text = "".join(f"```{kind}\n{words}\n```\n\n" for kind, words in PARTS)
    (first, one, two), (_, three, nothing) = run(text, "page")
    assert (one, two, three, nothing) == ("1\n", "2\n", "2\n", None)
    assert first["code"] == "x = 1\nprint(x)\n"
    assert not same(one, two)
    assert same("about 1.23 s\n", "about ... s\n")
    with pytest.raises(ZeroDivisionError) as error:
        list(run("\n\n```python\n1 / 0\n```\n", "page.md"))
    assert error.traceback[-1].lineno == 3  # counted from 0


def listed():
    """Names in the summaries of the API's pages, with their modules."""
    for name, text in TEXTS.items():
        for summary in re.findall(
            r"```\{eval-rst\}\n(.*?)```", text if name.startswith("api/") else "", re.DOTALL
        ):
            (module,) = re.findall(r"^\.\. currentmodule:: (\S+)$", summary, re.MULTILINE)
            for item in re.findall(r"^   (\w+)$", summary, re.MULTILINE):
                yield f"{module}.{item}"


def test_every_public_name_is_on_a_page_of_the_api():
    there = list(listed())
    assert len(there) == len(set(there))
    objects = dict(public_objects())
    assert [name for name in there if name not in objects] == []
    shown = {objects[name] for name in there}
    assert [name for name, item in objects.items() if item not in shown] == []


def test_every_page_is_in_a_table_of_contents():
    reached = set()
    for name, text in TEXTS.items():
        folder = PAGES[name].parent
        for entries in re.findall(r"^```\{toctree\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            for entry in re.findall(r"^(?:[^<\n]*<)?([\w./-]+)>?$", entries, re.MULTILINE):
                reached.add((folder / f"{entry}.md").resolve())
    assert [
        name for name, path in PAGES.items() if path.resolve() not in reached and name != "index.md"
    ] == []
