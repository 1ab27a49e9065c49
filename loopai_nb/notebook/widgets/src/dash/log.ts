// The request log: a list of a million requests, of which only those in sight are here, and one of them opened.

import "./log.css";
import { button, h } from "../lib/dom";
import { type Kernel, Refused } from "../lib/kernel";
import { listen } from "../lib/keyboard";
import { Rows } from "../lib/rows";
import { type Ref, RequestView } from "./request";
import { second } from "./second";
import type { MakePane, Pane, Scope, State, Wanted } from "./state";
import { whole } from "./words";

interface Line extends Ref {
  at_ms: number;
  status: string;
  model: string;
  prompt: string;
  answer: string | null;
  error: string;
  latency: string;
  cost: string;
  tokens: number;
  attempts: number;
  review: string;
}

interface Look {
  look: string;
  rows: Line[];
  /** null: more than `rows`, to be asked for. */
  total: number | null;
}

type Order = NonNullable<Wanted["order"]>;

const ROW_PX = 29;
const PAGE = 64;
const TYPING_MS = 350;
const PUSD = 1e12;
const STATUS = ["answered", "failed", "cached", "retried", "unknown"];
const REVIEW = { accepted: "accepted", edited: "edited", rejected: "rejected", skipped: "skipped", none: "not reviewed" };
const COLUMNS: [order: Order | null, name: string, kind: string][] = [
  ["at", "Ended", "at"],
  [null, "Status", "status"],
  [null, "Prompt", "text"],
  [null, "Answer", "text"],
  ["latency", "Latency", "number"],
  ["tokens", "Tokens", "number"],
  ["cost", "USD", "number"],
];

class LogPane implements Pane {
  readonly element = h("div", { class: "log" });
  readonly ready = true;
  private readonly list: Rows<Line>;
  private readonly one: RequestView;
  private readonly search = h("input", { type: "search", placeholder: "search prompts and answers", "aria-label": "Search prompts and answers" });
  private readonly status = select("Status", { "": "any status", ...Object.fromEntries(STATUS.map((name) => [name, name])) });
  private readonly kind = select("Kind of error", { "": "any error" });
  private readonly review = select("Review", { "": "any review", ...REVIEW });
  private readonly slow = h("input", { type: "number", min: 0, step: "any", placeholder: "slower, s", "aria-label": "Slower than, seconds", class: "least" });
  private readonly dear = h("input", { type: "number", min: 0, step: "any", placeholder: "dearer, USD", "aria-label": "Dearer than, USD", class: "least" });
  private readonly clear = button("Clear", () => this.want({}, true), { class: "loopai-plain", title: "Without these filters" });
  private readonly count = h("span", { class: "count", role: "status" });
  private readonly news = button("Show what is new", () => void this.refresh(), { key: "n" });
  private readonly said = h("p", { class: "said loopai-bad", role: "alert" });
  private readonly nothing = h("p", { class: "nothing loopai-quiet" }, "No request is like that in this time.");
  private readonly sorts = new Map<Order, HTMLButtonElement>();
  private wanted: Wanted = {};
  private look = "";
  private shown = "";
  private head: Line[] = [];
  private known = new Set<number>();
  private fresh = new Set<number>();
  private total = 0;
  private at = 0;
  private asking = 0;
  private busy = false;
  private typing = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly state: State,
  ) {
    this.list = new Rows<Line>("Requests", ROW_PX, { window: (first, count) => this.window(first, count), draw: (row, element) => this.draw(row, element), choose: (index) => void this.open(index) }, PAGE);
    this.one = new RequestView(kernel, state, () => {
      this.element.classList.remove("opened");
      this.list.element.focus({ preventScroll: true });
    });
    this.layOut();
    listen(this.element, this.keys(), { Escape: () => this.list.element.focus(), Enter: () => this.filter() });
  }

  update(scope: Scope): void {
    if (JSON.stringify([scope, this.wanted]) === this.shown) void this.refresh();
    else void this.ask();
  }

  want(wanted: Wanted, now = false): void {
    const { request, ...filters } = wanted;
    this.wanted = filters;
    this.fill();
    if (now) void this.ask();
    if (request !== undefined) void this.openOne(request);
    else this.one.hide();
  }

  moved(): void {
    const live = this.grows && this.list.element.scrollTop === 0 && !this.busy;
    if (live) void this.refresh();
    else if (!this.busy) this.news.hidden = false;
  }

  close(): void {
    window.clearTimeout(this.typing);
  }

  // What is there

  private layOut(): void {
    const filters = h("div", { class: "wanted", role: "search", "aria-label": "Which requests" }, this.search, this.status, this.kind, this.review, this.slow, this.dear, this.clear, this.count, this.news);
    const head = h("div", { class: "columns" });
    for (const [order, name, kind] of COLUMNS) {
      if (order === null) head.append(h("span", { class: kind }, name));
      else {
        const made = button(name, () => this.sort(order), { class: `loopai-plain ${kind}` });
        this.sorts.set(order, made);
        head.append(made);
      }
    }
    this.search.addEventListener("input", () => {
      window.clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.filter(), TYPING_MS);
    });
    for (const chosen of [this.status, this.kind, this.review, this.slow, this.dear]) chosen.addEventListener("change", () => this.filter());
    this.news.hidden = true;
    this.nothing.hidden = true;
    const table = h("div", { class: "table" }, head, this.list.element, this.nothing);
    this.element.append(filters, this.said, h("div", { class: "both" }, table, this.one.element));
    this.fill();
  }

  /** The filters as they are wanted. */
  private fill(): void {
    const { search, status, error_kind, review, min_latency_ms, min_cost_pusd } = this.wanted;
    this.search.value = search ?? "";
    this.status.value = status ?? "";
    offer(this.kind, error_kind);
    this.kind.value = error_kind ?? "";
    this.review.value = review ?? "";
    this.slow.value = min_latency_ms === undefined ? "" : String(min_latency_ms / 1000);
    this.dear.value = min_cost_pusd === undefined ? "" : String(min_cost_pusd / PUSD);
    this.tell();
  }

  private tell(): void {
    const { order, descending, ...filters } = this.wanted;
    this.clear.hidden = Object.keys(filters).length === 0;
    for (const chosen of [this.status, this.kind, this.review]) chosen.classList.toggle("chosen", chosen.value !== "");
    for (const [name, made] of this.sorts) {
      const sorted = name === (order ?? "at");
      const down = descending !== false;
      made.setAttribute("aria-pressed", String(sorted));
      made.firstChild!.textContent = `${COLUMNS.find(([each]) => each === name)![1]}${sorted ? (down ? " ↓" : " ↑") : ""}`;
      made.title = sorted ? `Sorted, the ${down ? "greatest" : "smallest"} first; press to turn` : "Sort by this";
    }
  }

  private draw(row: Line, element: HTMLElement): void {
    const status = row.status === "answered" && row.review !== "" ? row.review : row.status;
    element.dataset["status"] = row.status;
    element.classList.toggle("fresh", this.fresh.has(row.request_no));
    const error = row.error === "" ? "" : `: ${row.error}`;
    element.append(
      h("span", { class: "at" }, second(row.at_ms)),
      h("span", { class: "status" }, `${status}${error}`, row.attempts > 1 && h("span", { class: "loopai-quiet" }, ` ×${row.attempts}`)),
      h("span", { class: "text" }, row.prompt),
      h("span", { class: "text answer" }, row.answer ?? ""),
      h("span", { class: "number" }, row.latency),
      h("span", { class: "number" }, row.tokens === 0 ? "" : whole(row.tokens)),
      h("span", { class: "number" }, row.cost),
    );
  }

  // Asking

  /** Whether what comes is only added at the top. */
  private get grows(): boolean {
    const { order, descending, search, review, min_cost_pusd } = this.wanted;
    return (order ?? "at") === "at" && descending !== false && search === undefined && review === undefined && min_cost_pusd === undefined;
  }

  private async ask(): Promise<void> {
    const asked = (this.asking += 1);
    const { scope } = this.state;
    const shown = JSON.stringify([scope, this.wanted]);
    this.said.textContent = "";
    this.news.hidden = true;
    this.element.setAttribute("aria-busy", "true");
    try {
      const look = await this.kernel.ask<Look>("log.open", { scope, wanted: this.wanted });
      if (asked !== this.asking) return;
      this.shown = shown;
      this.known = new Set();
      this.take(look, true);
      if (look.total !== null) return;
      this.count.textContent = "counting …";
      const total = await this.kernel.ask<number>("log.count", { look: look.look });
      if (asked === this.asking) this.take({ ...look, total }, false);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (asked === this.asking) this.said.textContent = error.message;
    } finally {
      if (asked === this.asking) this.element.removeAttribute("aria-busy");
    }
    if (asked === this.asking) void this.kinds(scope);
  }

  private take({ look, rows, total }: Look, top: boolean): void {
    this.look = look;
    this.fresh = new Set(this.known.size === 0 ? [] : rows.map((row) => row.request_no).filter((number) => !this.known.has(number)));
    this.known = new Set(rows.map((row) => row.request_no));
    this.head = rows;
    this.total = total ?? rows.length;
    this.nothing.hidden = this.total > 0;
    this.count.textContent = total === null ? "" : this.total === 1 ? "1 request" : `${whole(this.total)} requests`;
    this.list.reset(this.total);
    if (top) {
      this.list.element.scrollTop = 0;
      this.at = 0;
      this.list.select(0);
    } else if (this.fresh.size > 0) {
      this.at = Math.min(this.total - 1, this.at + this.fresh.size); // the same request as before
      this.list.select(this.at);
    }
    this.tell();
  }

  private async refresh(): Promise<void> {
    if (this.busy || this.look === "") return;
    this.busy = true;
    this.news.hidden = true;
    const asked = this.asking;
    try {
      const look = await this.kernel.ask<Look | null>("log.refresh", { look: this.look });
      if (look !== null && asked === this.asking) this.take(look, this.list.element.scrollTop === 0 && !this.one.open);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      void this.ask(); // it was forgotten meanwhile
    } finally {
      this.busy = false;
    }
  }

  private async kinds(scope: Scope): Promise<void> {
    const names = await this.kernel.ask<string[]>("log.kinds", { scope }).catch(() => []);
    for (const name of names) offer(this.kind, name);
  }

  private window(first: number, count: number): Promise<Line[]> {
    if (first + count <= this.head.length) return Promise.resolve(this.head.slice(first, first + count));
    return this.kernel.ask<Line[]>("log.window", { look: this.look, first, count });
  }

  private filter(): void {
    window.clearTimeout(this.typing);
    const next: Wanted = {};
    if (this.search.value.trim() !== "") next.search = this.search.value;
    if (this.status.value !== "") next.status = this.status.value;
    if (this.kind.value !== "") next.error_kind = this.kind.value;
    if (this.review.value !== "") next.review = this.review.value;
    if (Number(this.slow.value) > 0) next.min_latency_ms = Number(this.slow.value) * 1000;
    if (Number(this.dear.value) > 0) next.min_cost_pusd = Math.round(Number(this.dear.value) * PUSD);
    if (this.wanted.order !== undefined) next.order = this.wanted.order;
    if (this.wanted.descending !== undefined) next.descending = this.wanted.descending;
    if (JSON.stringify(next) === JSON.stringify(this.wanted)) return;
    this.wanted = next;
    this.tell();
    void this.ask();
  }

  private sort(order: Order): void {
    const same = order === (this.wanted.order ?? "at");
    this.wanted = { ...this.wanted, order, descending: same ? this.wanted.descending === false : true };
    this.tell();
    void this.ask();
  }

  // Going through it

  private go(to: number): void {
    if (this.total === 0) return;
    this.at = Math.max(0, Math.min(this.total - 1, to));
    this.list.select(this.at);
    if (this.one.open) void this.open(this.at);
  }

  private async open(index: number): Promise<void> {
    if (this.total === 0) return;
    this.at = index;
    this.list.select(index);
    const [row] = await this.window(index, 1);
    if (row !== undefined && this.at === index) await this.openOne(row);
  }

  private async openOne({ run_id, request_no }: Ref): Promise<void> {
    this.element.classList.add("opened");
    await this.one.show({ run_id, request_no }, this.wanted.search ?? "");
    this.list.select(this.at);
  }

  private keys(): Record<string, () => void> {
    const page = (): number => Math.max(1, Math.floor(this.list.element.clientHeight / ROW_PX) - 1);
    const next = (): void => this.go(this.at + 1);
    const before = (): void => this.go(this.at - 1);
    return {
      ArrowDown: next,
      ArrowUp: before,
      j: next,
      k: before,
      PageDown: () => this.go(this.at + page()),
      PageUp: () => this.go(this.at - page()),
      Home: () => this.go(0),
      End: () => this.go(this.total - 1),
      Enter: () => void this.open(this.at),
      Escape: () => this.one.hide(),
      "/": () => this.search.focus(),
      c: () => void this.one.copy(),
      n: () => void this.refresh(),
      b: () => this.state.back(),
    };
  }
}

function select(label: string, options: Record<string, string>): HTMLSelectElement {
  return h("select", { "aria-label": label }, ...Object.entries(options).map(([value, name]) => h("option", { value }, name)));
}

/** One more to choose from. */
function offer(among: HTMLSelectElement, name: string | undefined): void {
  if (name === undefined || [...among.options].some((option) => option.value === name)) return;
  among.append(h("option", { value: name }, name));
}

export const pane: MakePane = (kernel, state) => new LogPane(kernel, state);
