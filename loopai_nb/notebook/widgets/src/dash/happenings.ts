// What happened beside the requests: alerts, approvals, reviews, budgets and notices.

import "./happenings.css";
import { h } from "../lib/dom";
import { type Kernel, Refused } from "../lib/kernel";
import type { MakePane, Pane, Scope, State } from "./state";

/** A table of the pane, as notebook/happenings_desk.py makes it. */
interface Part {
  title: string;
  /** How it stands, in a few words. */
  said: string;
  header: string[];
  lines: { cells: string[]; mark: "" | "bad" | "waits" }[];
  /** Said in the table's place where it has no lines. */
  none: string;
  more: string;
}

class Happenings implements Pane {
  readonly ready = true;
  readonly element = h("div", { class: "happenings" });
  private readonly said = h("p", { class: "said loopai-bad", role: "alert" });
  private readonly parts = h("div", { class: "parts" });
  private asked = 0;
  private shown = "";

  constructor(
    private readonly kernel: Kernel,
    private readonly state: State,
  ) {
    this.element.append(this.said, this.parts);
  }

  update(scope: Scope): void {
    void this.look(scope);
  }

  moved(): void {
    void this.look(this.state.scope);
  }

  close(): void {
    this.asked += 1;
  }

  private async look(scope: Scope): Promise<void> {
    this.asked += 1;
    const asked = this.asked;
    try {
      const parts = await this.kernel.ask<Part[]>("happenings.look", { scope });
      if (asked === this.asked) this.show(parts);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (asked === this.asked) this.said.textContent = error.message;
    }
  }

  /** Made anew only where it has changed, so that a reader keeps the place. */
  private show(parts: Part[]): void {
    this.said.textContent = "";
    const now = JSON.stringify(parts);
    if (now === this.shown) return;
    this.shown = now;
    this.parts.replaceChildren(...parts.map(section));
  }
}

function section(part: Part): HTMLElement {
  const title = h("h4", {}, part.title, part.said !== "" && h("span", { class: "loopai-quiet" }, ` · ${part.said}`));
  if (part.none !== "") return h("section", {}, title, h("p", { class: "loopai-quiet" }, part.none));
  const head = h("tr", {}, ...part.header.map((name) => h("th", { scope: "col" }, name)));
  const body = part.lines.map(({ cells, mark }) => h("tr", { "data-mark": mark || null }, ...cells.map((cell) => h("td", {}, cell))));
  const table = h("table", { "aria-label": part.title }, h("thead", {}, head), h("tbody", {}, ...body));
  return h("section", {}, title, h("div", { class: "wide", tabindex: 0, role: "group", "aria-label": part.title }, table), part.more !== "" && h("p", { class: "loopai-quiet" }, part.more));
}

export const pane: MakePane = (kernel, state) => new Happenings(kernel, state);
