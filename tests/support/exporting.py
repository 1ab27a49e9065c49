"""A notebook as the page that nbconvert makes of it, read where there is no network."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@contextlib.contextmanager
def exported(notebook: Any, chromium: Browser, folder: Path) -> Iterator[Page]:
    """The page, opened from a file; it asked for nothing else, and no widget is missing in it."""
    file = folder / "exported.html"
    file.write_text(HTMLExporter(template_name="basic").from_notebook_node(notebook)[0], encoding="utf-8")
    context = chromium.new_context(offline=True)
    asks: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asks.append(request.url))
    page.goto(file.as_uri())
    yield page
    assert "Error displaying widget" not in page.content()
    assert [url for url in asks if not url.startswith(("file:", "data:"))] == []
    context.close()
