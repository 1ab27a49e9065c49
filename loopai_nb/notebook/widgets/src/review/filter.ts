// Which rows are looked at, and in which order.

import { button, h } from "../lib/dom";
import type { Opened, Where } from "./types";

const STATES = ["pending", "accepted", "edited", "rejected", "skipped"];
const STATUSES = ["answered", "cached", "failed", "skipped"];
const SORTS: [value: string, label: string][] = [
  ["", "as in the frame"],
  ["answer", "by answer"],
  ["length", "shortest answer"],
  ["-length", "longest answer"],
  ["latency", "fastest"],
  ["-latency", "slowest"],
  ["state", "by review"],
];

export class Filter {
  readonly element = h("div", { class: "filter", hidden: true, role: "group", "aria-label": "Filter" });
  private readonly state = choice("any", STATES.map((each) => [each, each === "pending" ? "not decided" : each]));
  private readonly status = choice("any", STATUSES.map((each) => [each, each === "skipped" ? "not asked" : each]));
  private readonly answer = h("input", { type: "text", autocomplete: "off" });
  private readonly contains = h("input", { type: "text" });
  private readonly least = number("least");
  private readonly most = number("most");
  private readonly fastest = number("least");
  private readonly slowest = number("most");
  private readonly fits = choice("any", [["yes", "fits"], ["no", "does not fit"]]);
  private readonly differs = h("input", { type: "text", autocomplete: "off", placeholder: "a column or a run" });
  private readonly rule = h("input", { type: "text", class: "wide", placeholder: "answer == 'other' and latency_ms > 900", spellcheck: "false" });
  private readonly sort = choice(null, SORTS);

  constructor(
    opened: Opened,
    private readonly apply: () => void,
    leave: () => void,
  ) {
    const id = `loopai-${Math.random().toString(36).slice(2, 10)}`;
    this.answer.setAttribute("list", `${id}-answers`);
    this.differs.setAttribute("list", `${id}-others`);
    const field = (label: string, ...inputs: Node[]): HTMLElement => h("label", {}, h("span", {}, label), ...inputs);
    const pair = (label: string, one: HTMLInputElement, other: HTMLInputElement): HTMLElement => {
      one.setAttribute("aria-label", `${label}, least`);
      other.setAttribute("aria-label", `${label}, most`);
      return h("div", { class: "pair" }, h("span", {}, label), h("span", { class: "ends" }, one, " to ", other));
    };
    const options = (list: [value: string, label: string][]): HTMLOptionElement[] => list.map(([value, label]) => h("option", { value }, label));
    this.element.append(
      h(
        "div",
        { class: "grid" },
        field("Review", this.state),
        field("Answer is", this.answer),
        field("Answer has", this.contains),
        field("Status", this.status),
        pair("Characters", this.least, this.most),
        pair("Latency, ms", this.fastest, this.slowest),
        field("Differs from", this.differs),
        opened.has_schema && field("Schema", this.fits),
        field("Order", this.sort),
        h("label", { class: "wide" }, h("span", {}, "Rule"), this.rule),
      ),
      h("datalist", { id: `${id}-answers` }, ...options(opened.frequent.map(([text, rows]) => [text, `${rows} rows`]))),
      h("datalist", { id: `${id}-others` }, ...options([...opened.names.map((name): [string, string] => [name, "column"]), ...opened.runs.map((run): [string, string] => [run, "run"])])),
      h(
        "div",
        { class: "buttons" },
        button("Show these rows", apply, { class: "loopai-main", key: "Enter" }),
        button("All rows", () => this.clear(), {}),
        button("Back", leave, { class: "loopai-plain", key: "Esc" }),
      ),
    );
    for (const select of [this.state, this.status, this.fits, this.sort]) select.addEventListener("change", apply);
  }

  focus(): void {
    this.state.focus();
  }

  /** As ReviewFilter takes it. */
  get where(): Where {
    const bound = (input: HTMLInputElement): number | null => (input.value === "" ? null : Number(input.value));
    const bounds = (one: HTMLInputElement, other: HTMLInputElement): unknown => (one.value === "" && other.value === "" ? null : [bound(one), bound(other)]);
    const where: Where = {
      state: this.state.value,
      status: this.status.value,
      answer: this.answer.value,
      contains: this.contains.value,
      length: bounds(this.least, this.most),
      latency_ms: bounds(this.fastest, this.slowest),
      fits: this.fits.value === "" ? null : this.fits.value === "yes",
      differs: this.differs.value,
      rule: this.rule.value,
    };
    return Object.fromEntries(Object.entries(where).filter(([, value]) => value !== "" && value !== null));
  }

  get order(): string {
    return this.sort.value;
  }

  /** In words, for the line above the rows; "" where all rows are shown. */
  get words(): string {
    const said: string[] = [];
    const { state, status, answer, contains, length, latency_ms, fits, differs, rule } = this.where;
    const ends = (value: unknown): string => {
      const [least, most] = value as [number | null, number | null];
      return least === null ? `at most ${most}` : most === null ? `at least ${least}` : `${least} to ${most}`;
    };
    if (state !== undefined) said.push(state === "pending" ? "not decided" : String(state));
    if (status !== undefined) said.push(status === "skipped" ? "not asked" : String(status));
    if (answer !== undefined) said.push(`answer “${String(answer)}”`);
    if (contains !== undefined) said.push(`with “${String(contains)}”`);
    if (length !== undefined) said.push(`${ends(length)} characters`);
    if (latency_ms !== undefined) said.push(`${ends(latency_ms)} ms`);
    if (fits !== undefined) said.push(fits === true ? "fits" : "does not fit");
    if (differs !== undefined) said.push(`differs from ${String(differs)}`);
    if (rule !== undefined) said.push(String(rule));
    const order = SORTS.find(([value]) => value === this.order)?.[1] ?? "";
    if (this.order !== "") said.push(order);
    return said.join(" · ");
  }

  clear(): void {
    for (const input of this.element.querySelectorAll("input")) input.value = "";
    for (const select of [this.state, this.status, this.fits, this.sort]) select.value = "";
    this.apply();
  }
}

function choice(any: string | null, options: [value: string, label: string][]): HTMLSelectElement {
  return h("select", {}, any !== null && h("option", { value: "" }, any), ...options.map(([value, label]) => h("option", { value }, label)));
}

function number(placeholder: string): HTMLInputElement {
  return h("input", { type: "number", min: 0, placeholder });
}
