"""Text of files and arguments in one line: control characters are escaped, none reaches a terminal."""

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    9: "\\t",
    10: "\\n",
    13: "\\r",
}


def plain(text: str) -> str:
    """The text in one line, control characters escaped."""
    return text.translate(_ESCAPES)
