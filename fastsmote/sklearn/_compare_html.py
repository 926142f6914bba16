"""A comparison as HTML: the table that notebooks show, and a page with pictures inside."""

from base64 import b64encode
from html import escape
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from fastsmote._core.display import rounded

WORDS = {1: "better", -1: "worse", 0: ""}
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 82rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-size: 13px; }
th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid #ccc; text-align: right; }
td:first-child { text-align: left; white-space: nowrap; }
img { max-width: 100%; height: auto; }
"""
_READING = (
    "All numbers are of rows that the models were not trained on. Resampling was done within the training "
    "part of each fold, probabilities are corrected for the prior that it changed, and thresholds come from "
    "the other folds. Behind a value stands its difference to none, with an interval that holds for all "
    "methods together with 95 %. It says how far other test rows would change the difference; it does not "
    "say how far other training rows would. A method is called better or worse only where its interval lies "
    "on one side of 0 and the differences of the folds do so too, in a test that counts training rows."
)


def table(comparison: Any) -> str:
    """The verdict, the notes and the table."""
    head = ["method", *(metric.title for metric in comparison.metrics), "threshold", "rows", "seconds"]
    lines = ["".join(f"<th>{escape(word)}</th>" for word in head)]
    for name, row in zip(comparison.names, comparison.rows, strict=True):
        values = [_told(row.values[metric.name], row.method) for metric in comparison.metrics]
        seconds = row.sampling_seconds + row.fitting_seconds
        cells = [escape(name), *values, f"{row.threshold:.3g}", f"{row.n_rows:,.0f}", f"{seconds:.2f}"]
        lines.append("".join(f"<td>{cell}</td>" for cell in cells))
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    notes = "".join(f"<p>{escape(note)}</p>" for note in comparison.notes)
    return f"<p><b>Comparison</b>: {escape(comparison.verdict)}</p>{notes}\n<table>\n{body}</table>"


def _told(value: Any, method: str) -> str:
    """A value, its difference to "none", and what that means."""
    if method == "none":
        return rounded(value.value)
    word = f" <b>{WORDS[value.verdict]}</b>" if value.verdict else ""
    difference, low, high = (rounded(number, "+", 2) for number in value[1:4])
    return f"{rounded(value.value)} ({difference}: {low} to {high}){word}"


def page(comparison: Any) -> str:
    """All of it, in one file."""
    facts = comparison.to_dict()
    about = (
        f"{facts['n_samples']:,} rows, {facts['n_positive']:,} of them {facts['positive']!r}; "
        f"{facts['n_folds']} folds."
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f"<title>Comparison of resampling methods</title>\n<style>{_STYLE}</style></head><body>\n"
        f"<h1>Comparison of resampling methods</h1>\n<p>{escape(about)}</p>\n{_picture(comparison)}\n"
        f"{table(comparison)}\n<p><small>{_READING}</small></p>\n</body></html>\n"
    )


def _picture(comparison: Any) -> str:
    if find_spec("matplotlib") is None:
        return ""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(17, 7.5), layout="constrained")
    comparison.plot(figure.subplots(1, 3))
    image = BytesIO()
    figure.savefig(image, format="png", dpi=100)
    words = "Precision against recall, calibration, and differences to the data as they are"
    return f'<p><img alt="{words}" src="data:image/png;base64,{b64encode(image.getvalue()).decode()}"></p>'
