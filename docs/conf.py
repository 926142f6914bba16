"""Settings of Sphinx, for ``.ci/documentation``."""

from fastsmote import __version__ as release

project = "fastsmote"
author = "the fastsmote developers"
extensions = ["myst_parser"]
html_title = f"{project} {release}"
