// What the review consists of on the screen, and where each part stands.

import { button, h } from "../lib/dom";
import type { One } from "./one";
import type { People } from "./people";
import type { Opened } from "./types";

const MOST_COLUMNS = 4;

export interface ScreenActs {
  accept(): void;
  edit(): void;
  reject(): void;
  saveReject(): void;
  skip(): void;
  only(): void;
  undo(): void;
  step(by: 1 | -1): void;
  nextOpen(): void;
  prompt(): void;
  search(by: 1 | -1): void;
  filter(): void;
  many(): void;
  table(shown: boolean): void;
  leave(): void;
  done(): void;
}

interface Parts {
  bar: HTMLElement;
  filter: HTMLElement;
  many: HTMLElement;
  people: People;
  table: HTMLElement;
  one: One;
}

export class Screen {
  readonly saving = h("span", { class: "saving", role: "status" });
  readonly said = h("div", { class: "said loopai-bad", role: "alert" });
  readonly told = h("span", { class: "told", role: "status" });
  readonly heard = h("div", { class: "loopai-hidden", role: "status" });
  readonly place = h("span", { class: "place" });
  readonly find = h("input", { type: "search", placeholder: "find ( / )", "aria-label": "Find in answers and rows" });
  readonly found = h("span", { class: "found loopai-quiet", role: "status" });
  readonly jump = h("input", { type: "number", class: "jump", min: 1, placeholder: "go to", "aria-label": "Go to the row of this number" });
  readonly note = h("input", { type: "text", placeholder: "why", "aria-label": "Why it is rejected" });
  readonly noting = h("div", { class: "noting", hidden: true });
  readonly finished = h("div", { class: "finished", role: "status", hidden: true });
  readonly filtered = h("div", { class: "filtered", hidden: true });
  readonly tableBox = h("div", { class: "table", hidden: true });
  readonly accept: HTMLButtonElement;
  readonly edit: HTMLButtonElement;
  readonly reject: HTMLButtonElement;
  readonly skip: HTMLButtonElement;
  readonly only: HTMLButtonElement;
  readonly oneTab: HTMLButtonElement;
  readonly tableTab: HTMLButtonElement;
  readonly filterButton: HTMLButtonElement;
  readonly manyButton: HTMLButtonElement;

  constructor(
    private readonly opened: Opened,
    private readonly acts: ScreenActs,
  ) {
    this.accept = button("Accept", acts.accept, { class: "loopai-main", key: "a" });
    this.edit = button("Edit", acts.edit, { key: "e" });
    this.reject = button("Reject …", acts.reject, { key: "x" });
    this.skip = button("Skip", acts.skip, { key: "s" });
    this.only = plain("This row only", acts.only, "not the others with the same request", "o");
    this.oneTab = tab("One by one", true, () => acts.table(false));
    this.tableTab = tab("Table", false, () => acts.table(true), "t");
    this.filterButton = plain("Filter", acts.filter, "which rows, in which order", "f");
    this.manyButton = plain("Many at once", acts.many, "decide about many rows", "b");
    this.find.addEventListener("input", () => {
      this.found.textContent = "";
    });
  }

  layOut(root: HTMLElement, parts: Parts): void {
    const { acts } = this;
    this.noting.append(this.note, button("Reject", acts.saveReject, { class: "loopai-main", key: "Enter" }), button("Back", acts.leave, { class: "loopai-plain", key: "Esc" }));
    this.finished.append(h("span"), button("Done", acts.done, { class: "loopai-main", key: "Enter" }));
    this.tableBox.append(this.heads(), parts.table);
    parts.one.under(h("div", { class: "acts" }, this.accept, this.edit, this.reject, this.skip, this.only), this.noting);
    root.append(
      this.head(),
      parts.bar,
      this.tools(parts.people),
      parts.filter,
      parts.many,
      parts.people.element,
      this.filtered,
      this.tableBox,
      parts.one.element,
      this.said,
      this.finished,
      this.foot(),
      this.heard,
    );
  }

  private head(): HTMLElement {
    const { run, frame, reviewer, assigned } = this.opened;
    return h(
      "div",
      { class: "head" },
      h("h3", {}, `Review of ${run}`),
      h("span", { class: "whose loopai-quiet" }, `${frame} · ${assigned ? `the rows assigned to ${reviewer}` : `reviewed by ${reviewer}`}`),
      this.saving,
      button("Done", this.acts.done, { title: "closes it; %loopai review goes on another day" }),
    );
  }

  private tools(people: People): HTMLElement {
    const { acts, opened } = this;
    return h(
      "div",
      { class: "tools" },
      h("div", { class: "tabs", role: "tablist" }, this.oneTab, this.tableTab),
      h(
        "span",
        { class: "find" },
        this.find,
        plain("‹", () => acts.search(-1), "the one before that has it (N)"),
        plain("›", () => acts.search(1), "the next that has it (n)"),
        this.found,
      ),
      this.jump,
      this.filterButton,
      this.manyButton,
      (opened.people > 1 || opened.assigned) && people.button,
      this.place,
    );
  }

  private heads(): HTMLElement {
    const columns = this.opened.columns.slice(0, MOST_COLUMNS);
    this.tableBox.style.setProperty("--loopai-columns", String(Math.max(0, columns.length - 1)));
    return h("div", { class: "heads", "aria-hidden": "true" }, ...["", "row", "answer", ...columns].map((name) => h("span", {}, name)));
  }

  private foot(): HTMLElement {
    const { acts } = this;
    return h(
      "div",
      { class: "foot" },
      button("Undo", acts.undo, { key: "u" }),
      plain("Before", () => acts.step(-1), "the row before (also ↑)", "k"),
      plain("Next", () => acts.step(1), "the next row (also ↓)", "j"),
      plain("Next open", acts.nextOpen, "the next row that nobody decided about", "g"),
      plain("Prompt", acts.prompt, "what was asked", "p"),
      this.told,
      h("span", { class: "hint loopai-quiet" }, "Click here, or press Tab, and the keys work."),
    );
  }
}

function plain(label: string, press: () => void, title: string, key?: string): HTMLButtonElement {
  const made = button(label, press, { class: "loopai-plain", title, ...(key === undefined ? {} : { key }) });
  if (label.length === 1) made.setAttribute("aria-label", title); // an arrow says nothing
  return made;
}

function tab(label: string, selected: boolean, press: () => void, key?: string): HTMLButtonElement {
  const made = button(label, press, key === undefined ? {} : { key });
  made.setAttribute("role", "tab");
  made.setAttribute("aria-selected", String(selected));
  return made;
}
