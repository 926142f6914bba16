"""The site as people see it: built, and looked at in Chromium without a window.

It needs the extra ``docs``, and Chromium and its driver as distributions have them
(``apt-get install chromium chromium-driver``).
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
from places import REPOSITORY

pytestmark = pytest.mark.slow
PHONE = 380  # pixels
LOOKED_AT = [
    "index.html", "install.html", "quickstart.html", "when-not-to-resample.html", "guide/comparing.html",
    "from-imbalanced-learn.html", "howto/command-line.html", "benchmarks.html", "samplers.html",
    "comparison.html", "architecture.html", "examples/index.html", "examples/plot_threshold.html",
    "retold/index.html", "retold/plot_3_wine.html", "api/index.html", "api/generated/fastsmote.compare.html",
    "api/generated/fastsmote.imblearn.CondensedNearestNeighbour.html",
]  # fmt: skip


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site, built as CI builds it."""
    for needed in ("sphinx", "numpydoc", "myst_parser", "pydata_sphinx_theme", "sphinx_gallery"):
        pytest.importorskip(needed)
    folder = tmp_path_factory.mktemp("site")
    command = (
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "-n",
        "-d",
        f"{folder}/trees",
        "docs",
        f"{folder}/html",
    )
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    pages = functools.partial(Silent, directory=folder / "html")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder / "html", f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver on the path")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--window-size=1280,900", "--hide-scrollbars"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # which root can not have
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    window.set_script_timeout(120)
    yield window
    window.quit()


def until(found, seconds=30):
    """What ``found`` returns, once it is something."""
    end = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.2)
    return value


@pytest.mark.parametrize("page", LOOKED_AT)
def test_no_page_complains(site, browser, page):
    """No error in the console: no script that fails, no file that lacks; nothing from the network."""
    browser.get(f"{site[1]}/{page}")
    assert [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    addresses = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [address for address in addresses if not address.startswith((site[1], "data:"))] == []


def test_search_finds_smote(site, browser):
    browser.get(f"{site[1]}/search.html?q=smote")
    found = until(lambda: browser.find_elements("css selector", "#search-results li a"))
    addresses = [link.get_attribute("href") for link in found]
    assert any("fastsmote.smote.html" in address for address in addresses), addresses[:10]


def test_code_copies(site, browser):
    browser.get(f"{site[1]}/index.html")
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": site[1], "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    button = until(lambda: browser.find_elements("css selector", ".highlight-python button.copybtn"))[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()  # as a finger does: browsers let no script copy by itself
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))"
    copied = until(
        lambda: (text := browser.execute_async_script(read)).startswith("import fastsmote") and text
    )
    assert copied
    assert "make_fraud" in copied


def test_no_dead_links(site, browser):
    """Of all pages: files, and places in them."""
    folder, address = site
    pages = sorted(folder.rglob("*.html"))
    anchors, links = {}, []
    read = (
        "const done = arguments[1]; fetch(arguments[0]).then(r => r.text()).then(t => {"
        "const d = new DOMParser().parseFromString(t, 'text/html');"
        "const full = e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), arguments[0]).href;"
        "done([[...d.querySelectorAll('[id],a[name]')].map(e => e.id || e.name),"
        "[...d.querySelectorAll('a[href],img[src]')].map(full)])})"
    )
    browser.get(f"{address}/index.html")
    for page in pages:
        name = f"{address}/{page.relative_to(folder).as_posix()}"
        anchors[name], found = browser.execute_async_script(read, name)
        links += [(name, link) for link in found if link.startswith(address)]
    assert len(links) > 1000
    dead = set()
    for name, link in links:
        target, _, place = link.partition("#")
        target = target.partition("?")[0]
        file = folder / target.removeprefix(f"{address}/")
        if "/asv/" in target:  # made by asv, beside the pages
            continue
        if not file.exists() or (place and file.suffix == ".html" and place not in anchors[target]):
            dead.add((name.removeprefix(address), link.removeprefix(address)))
    assert sorted(dead) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", LOOKED_AT)
def test_accessibility(site, browser, page, dark):
    """Contrast, headings, names of links and pictures, by axe-core."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    browser.get(f"{site[1]}/{page}")
    browser.execute_script(f"document.documentElement.dataset.theme = '{'dark' if dark else 'light'}'")
    time.sleep(0.5)  # colours fade
    rules = {"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}
    wrong = axe.run(browser, options=rules)["violations"]
    told = [(rule["id"], node["html"][:150], node["target"]) for rule in wrong for node in rule["nodes"]]
    assert told == []


@pytest.mark.parametrize("page", LOOKED_AT)
def test_pages_are_readable_on_a_phone(site, browser, page):
    """Nothing is wider than the screen; what is wide scrolls by itself. Text is large enough."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        browser.get(f"{site[1]}/{page}")
        for part in ("html", ".bd-article-container"):  # the theme lets the second scroll
            width = f"return document.querySelector('{part}').scrollWidth"
            assert browser.execute_script(width) <= PHONE
        size = "return parseFloat(getComputedStyle(document.querySelector('article p')).fontSize)"
        assert browser.execute_script(size) >= 14
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
