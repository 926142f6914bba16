"""Settings of Sphinx, for ``.ci/documentation``."""

import os

from sphinx.util.nodes import make_refnode

import fastsmote

os.environ.setdefault("MPLBACKEND", "agg")

project, release = "fastsmote", fastsmote.__version__
author = "the fastsmote developers"
copyright = f"2026, {author}"
extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = [
    "articles",
    "data",
    "gallery",
    "examples/**/*.ipynb",
    "retold/**/*.ipynb",
    "**/sg_execution_times.rst",
    "sg_execution_times.rst",
]
templates_path = ["_templates"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_typehints = "none"  # types stand in the docstrings
autodoc_member_order = "groupwise"
autodoc_default_options = {  # scikit-learn's, with references to its own pages
    "exclude-members": "set_fit_request, set_predict_request, set_predict_proba_request, set_score_request, "
    "set_transform_request, get_metadata_routing",
}
nitpick_ignore_regex = [("py:.*", r"(imblearn|sklearn)\..*")]  # their pages are not on this site
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = ["site.css"]
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # light or dark, as the system is
html_domain_indices = False
html_sidebars = {"index": [], "changelog": [], "SECURITY": [], "citing": []}
html_theme_options = {
    "logo": {"text": "fastsmote"},
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

copybutton_exclude = ".linenos, .gp, .go"
copybutton_prompt_text = ">>> "

sphinx_gallery_conf = {
    "examples_dirs": ["gallery", "articles"],
    "gallery_dirs": ["examples", "retold"],
    "filename_pattern": r"/plot_",
    "within_subsection_order": "FileNameSortKey",
    "backreferences_dir": "examples/backreferences",
    "doc_module": ("fastsmote",),
    "abort_on_example_error": True,
    "remove_config_comments": True,
    "show_memory": False,
    "download_all_examples": False,
    "min_reported_time": 0,
}


MODULES = {  # pages about modules
    "calibration": "probabilities",
    "dask": "larger",
    "dask.plan": "larger",
    "dask.select": "larger",
    "files": "larger",
    "imblearn": "imblearn",
    "metrics": "scores",
    "plan": "plans",
    "plot": "pictures",
    "select": "select",
    "sklearn": "sklearn",
    "thresholds": "scores",
}


def _resolve(app, env, node, contnode):
    """Where a reference leads that Sphinx does not know: the page of a module, or of a name of the top level.

    Docstrings name what is public by another way, too: ``priors.correct_prior``, or the name alone.
    """
    if node.get("refdomain") != "py":
        return None
    to, target = node["refdoc"], node["reftarget"].removeprefix("fastsmote.")
    if node["reftype"] == "mod":
        page = MODULES.get(target)
        return page and make_refnode(app.builder, to, f"api/{page}", "", contnode)
    *owner, name = target.rsplit(".", 1)
    place = ".".join(["fastsmote", *owner, name])
    module = getattr(fastsmote, "".join(owner), None)
    if hasattr(fastsmote, name) and getattr(module, name, None) is getattr(fastsmote, name):
        place = f"fastsmote.{name}"
    found = env.get_domain("py").objects.get(place)
    return found and make_refnode(app.builder, to, found.docname, found.node_id, contnode, place)


def setup(app):
    app.connect("missing-reference", _resolve)
