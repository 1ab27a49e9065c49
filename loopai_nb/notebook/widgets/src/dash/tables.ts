// What runs, models, templates and errors came to: a line and a bar each, which lead to their requests.

import { button, h } from "../lib/dom";

export interface Entry {
  key: string;
  shown: string;
  note: string;
  cells: string[];
  share: number;
  /** A CSS colour; the table's own where it is left out. */
  colour?: string;
  press: (() => void) | null;
}

export class Bars {
  readonly element: HTMLElement;
  private readonly body = h("tbody");
  private readonly nothing = h("p", { class: "nothing loopai-quiet" });
  private readonly table: HTMLElement;
  private filled = "";

  constructor(title: string, head: string[], nothing: string, kind = "") {
    this.nothing.textContent = nothing;
    const names = head.map((name, i) => h("th", { scope: "col", class: i === 0 ? "name" : null }, name));
    this.table = h("table", {}, h("thead", {}, h("tr", {}, ...names)), this.body);
    this.element = h("section", { class: `bars ${kind}`.trim(), "aria-label": title }, h("h4", {}, title), this.nothing, this.table);
  }

  show(entries: Entry[]): void {
    const filled = JSON.stringify(entries);
    if (filled === this.filled) return;
    this.filled = filled;
    this.nothing.hidden = entries.length > 0;
    this.table.hidden = entries.length === 0;
    const focused = this.body.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    this.body.replaceChildren(...entries.map((entry) => row(entry)));
    if (focused === undefined) return;
    for (const made of this.body.querySelectorAll<HTMLElement>("[data-key]")) {
      if (made.dataset["key"] === focused) made.focus({ preventScroll: true });
    }
  }
}

function row({ key, shown, note, cells, share, colour, press }: Entry): HTMLElement {
  const bar = h("i", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${Math.max(share > 0 ? 1 : 0, Math.round(share * 1000) / 10)}%`;
  if (colour !== undefined) bar.style.background = colour;
  const label = press === null ? h("span", { class: "label" }, shown) : button(shown, press, { class: "loopai-link label", title: "Its requests" });
  if (press !== null) label.dataset["key"] = key;
  const name = h("th", { scope: "row", class: "name" }, h("div", { class: "what" }, label, note !== "" && h("span", { class: "loopai-quiet" }, note)), bar);
  const made = h("tr", { class: press === null ? null : "leads" }, name, ...cells.map((cell) => h("td", {}, cell)));
  if (press !== null) {
    made.addEventListener("click", (event) => {
      if (!(event.target as HTMLElement).closest("button")) press();
    });
  }
  return made;
}
