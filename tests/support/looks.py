"""Checks that run in a page: what can't be read, reached or heard, as words; nothing where all is well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

LOOKS = (("Light", 1280, 900), ("Dark", 640, 450))
"""Themes of JupyterLab and sizes of the window; half of it is what 200% leaves of it."""

_KINDS = (
    "button|checkbox|combobox|gridcell|img|link|listbox|meter|option|progressbar|radio|region|searchbox"
    "|slider|spinbutton|switch|tab|tabpanel|textbox"
)
_NAMELESS = re.compile(rf"^\s*- (?:{_KINDS})\b(?! \")", re.MULTILINE)


def looked_at(page: Page, look: tuple[str, int, int]) -> None:
    """Look at JupyterLab in one of ``LOOKS``."""
    name, width, height = look
    page.set_viewport_size({"width": width, "height": height})
    theme = f"JupyterLab {name}"
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")


def nameless(part: Locator) -> list[str]:
    """What a screen reader would call by its kind alone."""
    return [found.group().strip() for found in _NAMELESS.finditer(part.aria_snapshot())]


def faint(part: Locator) -> list[str]:
    """Texts with less than 4.5:1 of contrast to what is behind them (WCAG 2.2, AA)."""
    return list(part.evaluate(_FAINT))


def misplaced(part: Locator) -> list[str]:
    """Texts and controls that are cut off where nothing can be scrolled, and those that overlap."""
    return list(part.evaluate(_MISPLACED))


_FAINT = """(root) => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parts = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const found = parts(getComputedStyle(e).backgroundColor);
      if (found[3] > 127) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), e = texts.currentNode.parentElement;
    if (!text || !e.checkVisibility() || e.closest("style, .skip, textarea, :disabled")) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return bad;
}"""

_MISPLACED = """(root) => {
  const CONTROLS = "button, input, textarea, select, summary";
  const bad = [], boxes = [];
  const name = (node) => (node.textContent.trim() || node.getAttribute?.("aria-label") || "").slice(0, 40);
  // What is left of a box inside of all that cuts it off, and whether something was lost for good.
  const seen = (box, e) => {
    let { left, top, right, bottom } = box, lost = false, scrolls = false;
    for (; e; e = e === root ? null : e.parentElement) {
      const style = getComputedStyle(e);
      if (style.overflow === "visible") continue;
      scrolls ||= /auto|scroll/.test(style.overflow) || style.textOverflow === "ellipsis";
      const around = e.getBoundingClientRect();
      const cut = left < around.left - 1 || right > around.right + 1
        || top < around.top - 1 || bottom > around.bottom + 1;
      lost ||= cut && !scrolls;
      [left, top] = [Math.max(left, around.left), Math.max(top, around.top)];
      [right, bottom] = [Math.min(right, around.right), Math.min(bottom, around.bottom)];
    }
    return { left, top, right, bottom, lost };
  };
  const add = (node, e, box) => {
    if (box.width < 1 || box.height < 1) return;
    const part = seen(box, node === e ? e.parentElement : e);
    if (part.lost) bad.push(`cut off: ${name(node)}`);
    if (part.right - part.left > 1 && part.bottom - part.top > 1) boxes.push({ node, e, ...part });
  };
  const shown = (e) =>
    e.checkVisibility({ visibilityProperty: true }) && !e.closest(".loopai-hidden, svg, .u-wrap");
  for (const e of root.querySelectorAll(CONTROLS)) if (shown(e)) add(e, e, e.getBoundingClientRect());
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, e = node.parentElement;
    if (!node.textContent.trim() || !shown(e) || e.closest(CONTROLS)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // As wide as its letters, and no higher than they are: lines of a text may touch.
    for (const { x, y, width, height } of range.getClientRects())
      add(node, e, new DOMRect(x, y + 3, width, height - 6));
  }
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      const holds = (one, other) => one.node === one.e && one.e.contains(other.e);
      if (a.node === b.node || holds(a, b) || holds(b, a)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) bad.push(`overlap: ${name(a.node)} | ${name(b.node)}`);
    }
  }
  const over = root.scrollWidth - root.clientWidth;
  return over > 1 ? [...bad, `wider than its place by ${over} px`] : bad;
}"""
