// Keys of a widget, which JupyterLab must not take for its own.

export type Keys = Record<string, () => void>;

/**
 * The name of a key as a widget's table of keys has it: "a", "Escape", "Ctrl+Enter"; "" for one that isn't
 * ours, such as what belongs to the browser.
 */
export function keyName(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): string {
  if (event.altKey) return "";
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" ? "Ctrl+Enter" : "";
  return event.key;
}

const WRITES = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/**
 * Act on keys while the focus is inside of an element. It takes all three: without the attribute on the focused
 * element Lumino acts first, and without the other two the notebook does.
 *
 * Args:
 *   keys: Of the widget; not heard while somebody writes.
 *   writing: Heard while somebody writes in an input, such as Escape.
 */
export function listen(root: HTMLElement, keys: Keys, writing: Keys = {}): void {
  root.tabIndex = 0;
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("focusin", (event) => {
    (event.target as HTMLElement).setAttribute("data-lm-suppress-shortcuts", "true");
  });
  root.addEventListener("keydown", (event) => {
    // Also what we do not act on: "b" would insert a cell, and Enter in an input would edit the cell's source.
    event.stopPropagation();
    const target = event.target as HTMLElement;
    const name = keyName(event);
    const writes = WRITES.has(target.tagName);
    // A button's own keys are the browser's, and so is a new line in a text.
    if (target.tagName === "TEXTAREA" && name === "Enter") return;
    if (!writes && target.tagName === "BUTTON" && (name === "Enter" || name === " ")) return;
    const act = (writes ? writing : keys)[name];
    if (act === undefined || name === "") return;
    event.preventDefault();
    act();
  });
}
