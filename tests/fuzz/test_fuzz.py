"""What runs fuzzers: a few fixed cases, or fresh ones for some seconds; a failure says its seed."""

import pytest

pytest_plugins = ["pytester"]

FUZZER = """
import time


def case(seed):
    print("\\ncase", seed)
    time.sleep(0.01)
    assert seed != {bad}


def test_case(fuzz):
    fuzz(case, 3)
"""


@pytest.fixture
def run(pytester, request):
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text("utf-8"))

    def run(bad, *options):
        pytester.makepyfile(FUZZER.format(bad=bad))
        return pytester.runpytest("-s", "-p", "no:cacheprovider", *options)

    return run


def seeds_of(result):
    return [int(line.split()[-1]) for line in result.outlines if line.startswith("case ")]


def test_a_few_fixed_seeds_by_default(run):
    assert seeds_of(run(-1)) == [0, 1, 2]


def test_fresh_seeds_for_some_seconds(run):
    first, second = (seeds_of(run(-1, "--fuzz-seconds", "0.2")) for _ in range(2))
    assert len(first) > 4
    assert set(first).isdisjoint(second)


def test_a_failure_says_the_seed_with_which_it_comes_again(run):
    result = run(2)
    result.stdout.fnmatch_lines(["*Case 2. Again: *test_case* --fuzz-seed 2*"])
    assert seeds_of(run(2, "--fuzz-seed", "2")) == [2]
