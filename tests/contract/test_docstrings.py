"""Docstrings are reStructuredText, and signatures name nothing private (C9)."""

import inspect
import re

from contract.public import public_items, public_modules

ITEMS = dict(public_items())
DOCSTRINGS = {
    **{module.__name__: module.__doc__ or "" for module in public_modules()},
    **{name: item.__doc__ or "" for name, item in ITEMS.items()},
}
_LITERAL = re.compile(r"``.+?``|:\w+:`[^`]+`|`[^`]+`_?|(?<!\S)\*\*\w[^*]*\S\*\*", re.DOTALL)
_EXAMPLE = re.compile(r"^ *(>>>|\.\.\.) .*$", re.MULTILINE)
_HEADER = re.compile(r"^(\*{0,2}\w+(, \*{0,2}\w+)*)( : .*)?$")  # of a parameter: numpydoc escapes its name


def prose(text):
    """A docstring without literals, examples with their output, and names of parameters."""
    text = inspect.cleandoc(text).partition("\nExamples\n--------\n")[0]
    lines = []
    for line in _LITERAL.sub("literal", _EXAMPLE.sub("", text)).splitlines():
        header = _HEADER.match(line)
        lines.append((header[3] or "") if header else line)
    return "\n".join(lines)


def test_what_the_check_finds():
    """As docutils 0.22 does, on the docstrings that it complained of."""
    assert substitutions("sum n_b / n |y_b - p_b| over bins") == ["|y_b - p_b|"]
    assert substitutions("p(class | category) - p(class | other)") == []
    assert targets("a classifier with support_, optional") == ["support_"]
    assert targets("support_ : ndarray") == targets("``support_`` is one") == []
    assert openings("an array like `X or y") == ["`"]
    assert openings("**Where** it may be") == []
    assert openings("any **options are taken") == ["**options"]
    assert openings("2 ** 3 and **kwargs\n    taken") == ["**kwargs"]


def substitutions(text):
    return re.findall(r"(?<![\w|])\|[^\s|](?:[^|\n]*[^\s|])?\|(?![\w|])", prose(text))


def targets(text):
    """Words that end with an underscore: names of links."""
    return re.findall(r"(?<![\w`])[A-Za-z]\w*_(?![\w`({])", prose(text))


def openings(text):
    """Backticks and asterisks that open what nothing closes."""
    text = prose(text)
    return re.findall("`", text) + re.findall(r"(?<![\w*)])\*\*\w+(?![\w*]*\*\*)", text)


def test_docstrings_are_well_formed__C9():
    for name, text in DOCSTRINGS.items():
        assert substitutions(text) == [], name
        assert targets(text) == [], name
        assert openings(text) == [], name


def annotations_of(item):
    try:
        signature = inspect.signature(item)
    except ValueError:  # Python knows no signature
        return []
    annotations = [one.annotation for one in signature.parameters.values()] + [signature.return_annotation]
    return [one if isinstance(one, str) else getattr(one, "__forward_arg__", "") for one in annotations]


def test_signatures_name_nothing_private__C9():
    texts = {name: annotations_of(item) for name, item in ITEMS.items()}
    assert sum(map(bool, texts.values())) > 100
    for name, annotations in texts.items():
        for text in annotations:
            assert not re.search(r"(?<![\w.])_[A-Za-z]", text), (name, text)
