"""Options that several commands have, with their help."""

from typing import Annotated

import typer

from fastsmote.cli._methods import complete_method, method_of

Method = Annotated[
    str,
    typer.Option(
        parser=method_of,
        autocompletion=complete_method,
        metavar="METHOD",
        help="Sampler, one of those below; with dashes, too.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but warnings and errors.")]
NoHeader = Annotated[
    bool,
    typer.Option("--no-header", help="The CSV file has no header; columns are 0, 1, ... (-1 is the last)."),
]

_WRITTEN = "How text is written"
Delimiter = Annotated[
    str | None,
    typer.Option(
        show_default="a comma, in .tsv a tab",
        rich_help_panel=_WRITTEN,
        help="What separates cells: one character such as ';', or tab.",
    ),
]
Encoding = Annotated[
    str, typer.Option(rich_help_panel=_WRITTEN, help="Encoding, such as latin-1, cp1252 or utf-16.")
]
Decimal = Annotated[
    str, typer.Option(rich_help_panel=_WRITTEN, help="What stands before decimals, such as ','.")
]
Comment = Annotated[
    str | None,
    typer.Option(
        show_default="none",
        rich_help_panel=_WRITTEN,
        help="What lines begin with that are left out, '#' say.",
    ),
]
NaValues = Annotated[
    str | None,
    typer.Option(
        "--na-values",
        show_default="none",
        rich_help_panel=_WRITTEN,
        help="More words for missing values, separated by commas, such as '?,-'. Without quotes, nothing, "
        "NA, N/A, NULL, null, NaN, nan and n/a are missing values; in quotes they are text.",
    ),
]
Carry = Annotated[
    str | None,
    typer.Option(
        show_default="none",
        help="Columns that ride along and are not measured, such as id,when: rows that stay and copies keep "
        "them, new rows have nothing there.",
    ),
]
Categorical = Annotated[
    str | None,
    typer.Option(show_default="text", help="Columns of numbers that are names, such as zip: 00501 stays so."),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        show_default="none: the file is read as a whole",
        help="Read Parquet files in blocks, and hold so much at most, such as 2GB.",
    ),
]
