// One answer beside its row, and changing it in place.

import { type Segment, button, h, segments } from "../lib/dom";
import { latency } from "../lib/time";
import { type Field, type Letter, type Row, STATES, count, plural } from "./types";

/** What a person wrote into the editor. */
export interface Draft {
  text?: string;
  fields?: string[];
  note: string;
}

export interface Acts {
  save(draft: Draft): void;
  leave(): void;
  prompt(): void;
}

const LONG = 60;

export class One {
  readonly element = h("div", { class: "one" });
  private readonly row = h("div", { class: "row", tabindex: 0, role: "group", "aria-label": "Row" });
  private readonly side = h("div", { class: "side" });
  private readonly facts = h("div", { class: "facts loopai-quiet" });
  private readonly answer = h("div", { class: "answer", tabindex: 0, role: "group", "aria-label": "Answer" });
  private readonly editor = h("div", { class: "editor", hidden: true });
  private note = h("input", { type: "text", "aria-label": "Note" });
  private read: () => Draft = () => ({ note: "" });
  private before = "";
  private shownRow: Row | null = null;

  constructor(
    private readonly fields: Field[],
    private readonly acts: Acts,
  ) {
    this.side.append(this.facts, this.answer, this.editor);
    this.element.append(this.row, this.side);
  }

  get editing(): boolean {
    return !this.editor.hidden;
  }

  /** Below the answer: what can be done with it. */
  under(...elements: Node[]): void {
    this.side.append(...elements);
  }

  show(row: Row, letter: Letter, saving: boolean): void {
    if (this.shownRow?.position !== row.position) this.row.scrollTop = this.answer.scrollTop = 0;
    this.shownRow = row;
    this.row.replaceChildren(cells(row.cells));
    this.mark(letter, saving);
    this.answer.replaceChildren(...this.said(row));
    this.element.removeAttribute("aria-busy");
  }

  /** What was said of the row that is shown. */
  mark(letter: Letter, saving: boolean): void {
    const row = this.shownRow;
    if (row === null) return;
    const who = !saving && row.reviewer !== null && letter !== "p" ? ` by ${row.reviewer}` : "";
    const facts = [row.status, row.latency_ms === null ? "" : latency(row.latency_ms), row.answer === null ? "" : plural(row.length, "character")];
    const alike = row.alike > 1 ? `${count(row.alike)} rows with this request` : "";
    this.facts.replaceChildren(
      h("span", { class: `state is-${letter === "-" ? "none" : letter}` }, saving ? `${STATES[letter]} …` : `${STATES[letter]}${who}`),
      h("span", {}, [...facts, alike].filter(Boolean).join(" · ")),
    );
  }

  /** A row that is not there yet. */
  wait(): void {
    this.element.setAttribute("aria-busy", "true");
  }

  /** That nothing is to be shown. */
  none(words: string): void {
    this.shownRow = null;
    this.row.replaceChildren(h("p", { class: "loopai-quiet" }, words));
    this.facts.replaceChildren();
    this.answer.replaceChildren();
  }

  addPrompt(prompt: Segment[], system: Segment[] | null): void {
    this.row.append(
      h("h4", {}, "What was asked"),
      h("pre", {}, system !== null && h("span", { class: "system" }, "[system] ", segments(system)), segments(prompt)),
    );
    this.row.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  private said(row: Row): Node[] {
    const parts: Node[] = [];
    if (row.answer === null) {
      parts.push(h("p", { class: "loopai-bad" }, segments(row.error ?? [["", "It was not asked."]])));
    } else if (row.fields !== null) {
      parts.push(facts(this.fields.map((field, at) => [field.name, row.fields?.[at] ?? ""])));
    } else {
      parts.push(h("pre", { class: "text" }, row.answer.length === 0 ? h("span", { class: "loopai-quiet" }, "(empty)") : segments(row.answer)));
    }
    if (row.original !== null) parts.push(h("p", { class: "was loopai-quiet" }, "The model said: ", h("del", { class: "loopai-cut" }, segments(row.original))));
    if (row.note.length > 0) parts.push(h("p", { class: "noted" }, h("span", { class: "loopai-quiet" }, "Note: "), segments(row.note)));
    return parts;
  }

  // Editing

  /** Open the editor; false where there is nothing to edit. */
  edit(row: Row, draft?: Draft): boolean {
    if (row.answer === null || row.text === null) return false;
    const form = row.fields !== null ? this.form(draft?.fields ?? row.fields) : this.area(draft?.text ?? row.text);
    this.note = h("input", { type: "text", placeholder: "note, if you like", "aria-label": "Note" });
    this.note.value = draft?.note ?? "";
    this.editor.replaceChildren(
      ...form,
      this.note,
      h(
        "div",
        { class: "buttons" },
        button("Save", () => this.save(), { class: "loopai-main", key: "Ctrl+Enter" }),
        button("Leave", () => this.acts.leave(), { class: "loopai-plain", key: "Esc" }),
      ),
    );
    this.before = JSON.stringify(this.read());
    if (draft !== undefined) this.before = "";
    this.editor.hidden = false;
    this.side.classList.add("edits");
    this.side.classList.toggle("fielded", row.fields !== null);
    const first = this.editor.querySelector<HTMLElement>("textarea, select, input");
    first?.focus();
    if (first instanceof HTMLTextAreaElement) first.select();
    return true;
  }

  close(): void {
    this.editor.hidden = true;
    this.side.classList.remove("edits");
  }

  save(): void {
    if (this.editing) this.acts.save(this.read());
  }

  /** Whether nothing was written into the editor. */
  get untouched(): boolean {
    return this.before === JSON.stringify(this.read());
  }

  private area(text: string): Node[] {
    const area = h("textarea", { rows: Math.min(10, Math.max(2, text.split("\n").length + 1)), spellcheck: "false", "aria-label": "Edited answer" });
    area.value = text;
    this.read = () => ({ text: area.value, note: this.note.value });
    return [area];
  }

  private form(texts: string[]): Node[] {
    const inputs = this.fields.map((field, at) => control(field, texts[at] ?? ""));
    this.read = () => ({ fields: inputs.map((input) => input.value), note: this.note.value });
    return [
      h(
        "div",
        { class: "fields" },
        ...this.fields.map((field, at) => h("label", {}, h("span", {}, field.name), inputs[at])),
      ),
    ];
  }
}

function control(field: Field, text: string): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  if (field.kind === "choice") {
    const select = h("select", {}, h("option", { value: "" }, ""), ...field.choices.map((each) => h("option", { value: each }, each)));
    select.value = text;
    return select;
  }
  if (field.kind === "json" || text.length > LONG || text.includes("\n")) {
    const area = h("textarea", { rows: Math.min(6, Math.ceil(text.length / 50) + 1), spellcheck: "false" });
    area.value = text;
    return area;
  }
  const input = h("input", { type: "text", inputmode: field.kind === "number" ? "decimal" : null });
  input.value = text;
  return input;
}

function cells(shown: [name: string, text: Segment[]][]): HTMLElement {
  const list = h("dl");
  for (const [name, text] of shown) {
    list.append(h("dt", {}, name), h("dd", {}, text.length === 0 ? h("span", { class: "loopai-quiet" }, "–") : segments(text)));
  }
  return list;
}

function facts(shown: [name: string, value: string][]): HTMLElement {
  const list = h("dl", { class: "values" });
  for (const [name, value] of shown) {
    list.append(h("dt", {}, name), h("dd", { class: value.length > LONG ? "long" : null }, value === "" ? h("span", { class: "loopai-quiet" }, "–") : value));
  }
  return list;
}
