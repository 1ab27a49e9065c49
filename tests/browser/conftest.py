"""A real browser and a real JupyterLab, for tests that look at what a person sees.

Both live as long as one test module: Playwright's synchronous interface keeps an event loop running in the
main thread, which other tests must not find there.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

HERE = Path(__file__).resolve().parent
STARTS_WITHIN_S = 90
STOPS_WITHIN_S = 15

CHROMIUM_FLAGS = (
    "--no-sandbox",  # the tests run as root in CI, where Chromium's own sandbox can't start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

LAB_FLAGS = (
    "--allow-root",
    "--no-browser",
    "--ip=127.0.0.1",
    "--IdentityProvider.token=",
    "--ServerApp.disable_check_xsrf=True",
    "--ServerApp.port_retries=0",  # another port would be one that we don't know
    "--LabApp.expose_app_in_browser=True",  # window.jupyterapp, which the tests speak to
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=",
)

KERNEL_IS_IDLE = """name => {
  const shown = window.jupyterapp?.shell?.currentWidget;
  return shown?.context?.path === name && shown.sessionContext?.session?.kernel?.status === "idle";
}"""

OPEN_ALONE = """async name => {
  const app = window.jupyterapp;
  for (const one of [...app.shell.widgets("main")]) {
    if (one.context) one.context.model.dirty = false;  // else it would ask whether to save
    one.close();
  }
  await app.commands.execute("docmanager:open", { path: name });
}"""

OUTPUTS = """() =>
  [...document.querySelectorAll(".jp-OutputArea-output")].map((one) => one.innerText).join("\\n")"""

PAGES: pytest.StashKey[list[Page]] = pytest.StashKey()
FAILED: pytest.StashKey[bool] = pytest.StashKey()
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}

JUPYTER_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that ``-m "not browser"`` leaves them out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of a test that fails what was to be seen then: on another machine nobody can look."""
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    if report.when == "call" and report.failed:
        for page in (one for one in item.stash.get(PAGES, []) if not one.is_closed()):
            report.sections.append((f"outputs of {page.url}", str(page.evaluate(OUTPUTS))))
    return report


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, which serves Notebook 7 as well.

    Attributes:
        url: Base address with a trailing slash; no token is asked for.
        root: Folder that it serves; notebooks put here can be opened.
    """

    url: str
    root: Path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, and in CI it fails."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing = "no chromium on this machine (as root: make chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab_environment() -> Mapping[str, str]:
    """Environment variables for JupyterLab and its kernels; a test module may override it."""
    return {}


@pytest.fixture(scope="module")
def jupyter_lab(
    tmp_path_factory: pytest.TempPathFactory, lab_environment: Mapping[str, str]
) -> Iterator[Lab]:
    """A JupyterLab of this environment on a free port, in an empty folder, with nobody's settings."""
    base = tmp_path_factory.mktemp("lab")
    root = base / "root"
    root.mkdir()
    own = {name: str(base / name.lower()) for name in JUPYTER_FOLDERS}
    # Its question whether one wants news would lie above what a test clicks on.
    pages = Path(own["JUPYTER_CONFIG_DIR"]) / "labconfig" / "page_config.json"
    pages.parent.mkdir(parents=True)
    pages.write_text('{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}')
    log = base / "lab.log"
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", *LAB_FLAGS, f"--port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={root}"],
            env={**os.environ, **own, **lab_environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        lab = Lab(f"http://127.0.0.1:{port}/", root)
        wait_until_it_answers(lab, process, log)
        yield lab
    finally:
        stop(process)


@dataclass
class Window:
    """What the pages of one module share.

    Attributes:
        context: Of the browser.
        kept: A page with JupyterLab that the last test left.
        hosts: Whom any page asked for something.
    """

    context: BrowserContext
    kept: Page | None = None
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Window]:
    """A window of the browser."""
    with chromium.new_context(viewport=VIEWPORT) as context:
        window = Window(context)
        context.on("request", lambda request: window.hosts.add(host_of(request.url)))
        yield window


@pytest.fixture
def open_notebook(
    jupyter_lab: Lab, window: Window, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """A function that opens a notebook of the lab's folder, waits for its kernel, and returns the page.

    With ``classic=True`` in Notebook 7. The first one opens in the JupyterLab that an earlier test left:
    loading its scripts takes the processor longer than most of what is tested. When the test ends, no page
    may have asked for anything that isn't on this machine.
    """
    pages = request.node.stash.setdefault(PAGES, [])

    def opened(name: str, *, classic: bool = False) -> Page:
        page, window.kept = (None, window.kept) if classic or pages else (window.kept, None)
        if page is None:
            page = window.context.new_page()
            page.on("websocket", lambda socket_: window.hosts.add(host_of(socket_.url)))
            # A workspace of its own: the usual one opens what an earlier test had open, too.
            at = f"notebooks/{name}" if classic else f"lab/workspaces/{Path(name).stem}/tree/{name}"
            page.goto(jupyter_lab.url + at)
        else:
            page.set_viewport_size(VIEWPORT)
            page.evaluate(OPEN_ALONE, name)
        pages.append(page)
        page.wait_for_function(KERNEL_IS_IDLE, arg=name, timeout=STARTS_WITHIN_S * 1_000)
        return page

    yield opened
    for page in window.context.pages:
        is_lab = page.evaluate("() => window.jupyterapp?.name === 'JupyterLab'")
        if is_lab and window.kept in {None, page} and not request.node.stash.get(FAILED, False):
            window.kept = page
        else:
            page.close()
    window.context.clear_permissions()
    hosts, window.hosts = window.hosts, set()
    # blob: and data: addresses have no host.
    assert hosts - {""} == {"127.0.0.1"}


def host_of(url: str) -> str:
    """Name the host of an address; "" where it has none."""
    return urlsplit(url).hostname or ""


def free_port() -> int:
    """Find a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(lab: Lab, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until JupyterLab answers; fail with its log when it ends or stays silent."""
    give_up = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up:
        try:
            # S310: the address is ours, on the loopback.
            with urllib.request.urlopen(f"{lab.url}api/status", timeout=5) as answer:  # noqa: S310
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-4000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End JupyterLab: asked first, so that it ends its kernels, which are in sessions of their own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
