// One request with everything that is known of it (notebook/log_request.py).

import { type Segment, button, h, segments } from "../lib/dom";
import { type Kernel, Refused } from "../lib/kernel";
import type { State } from "./state";
import { second } from "./second";

export interface Ref {
  run_id: string;
  request_no: number;
}

interface Attempt {
  number: number;
  at_ms: number;
  waited: string;
  outcome: string;
  good: boolean;
  latency: string;
  status: string;
  error: string;
  tokens: string;
  cost: string;
  text: Segment[] | null;
}

interface Review {
  state: string;
  by: string;
  at_ms: number;
  note: string;
  text: Segment[] | null;
  where: string;
}

interface Shown extends Ref {
  title: string;
  facts: [name: string, value: string][];
  prompt: Segment[];
  system: Segment[] | null;
  answer: Segment[] | null;
  no_answer: string;
  attempts: Attempt[];
  headers: [name: string, value: string][];
  reviews: Review[];
  rows: string[];
}

export class RequestView {
  readonly element = h("aside", { class: "request", "aria-label": "One request", hidden: true });
  private readonly heard = h("span", { class: "loopai-quiet", role: "status" });
  private ref: Ref | null = null;
  private asked = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly state: State,
    private readonly closed: () => void,
  ) {}

  get open(): boolean {
    return this.ref !== null;
  }

  async show(ref: Ref, hit: string): Promise<void> {
    const asked = (this.asked += 1);
    this.ref = ref;
    let shown: Shown;
    try {
      shown = await this.kernel.ask<Shown>("log.one", { request: ref, hit });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (asked === this.asked) this.fill(h("p", { class: "loopai-bad", role: "alert" }, error.message));
      return;
    }
    if (asked === this.asked) this.draw(shown); // else another one was opened meanwhile
  }

  hide(): void {
    this.asked += 1;
    this.ref = null;
    this.element.hidden = true;
    this.element.replaceChildren();
    this.closed();
  }

  /** Put a curl command on the clipboard; where the browser has none, show it to be copied by hand. */
  async copy(): Promise<void> {
    if (this.ref === null) return;
    let command: string;
    try {
      command = await this.kernel.ask<string>("log.curl", { request: this.ref });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.heard.textContent = error.message;
      return;
    }
    try {
      await navigator.clipboard.writeText(command);
      this.heard.textContent = "Copied; the key comes from $LOOPAI_API_KEY.";
    } catch {
      const text = h("textarea", { class: "curl", readonly: true, rows: 6, "aria-label": "curl command" });
      text.value = command;
      this.element.querySelector(".curl")?.remove();
      this.element.querySelector(".about")!.after(text);
      text.select();
      this.heard.textContent = "Copy it from here: this page may not use the clipboard.";
    }
  }

  private fill(...children: (Node | false)[]): void {
    const close = button("Close", () => this.hide(), { class: "loopai-plain", key: "Esc" });
    this.element.hidden = false;
    this.element.replaceChildren(close, ...children.filter((child): child is Node => child !== false));
  }

  private draw(shown: Shown): void {
    this.heard.textContent = "";
    const { run_id } = shown;
    const about = h(
      "div",
      { class: "about" },
      h("h4", {}, shown.title),
      button("Copy as curl", () => void this.copy(), { key: "c" }),
      this.state.scope.run !== run_id && button("Only this run", () => this.state.change({ run: run_id }), { class: "loopai-plain" }),
      this.heard,
    );
    const { attempts, reviews, system, answer } = shown;
    this.fill(
      about,
      facts(shown.facts),
      system !== null && text("System prompt", system),
      text("Prompt", shown.prompt),
      answer === null ? part("Answer", h("p", { class: "loopai-quiet" }, shown.no_answer)) : text("Answer", answer),
      attempts.length > 0 && part("Attempts", h("ol", { class: "attempts" }, ...attempts.map(attempt))),
      reviews.length > 0 && part("Reviews", h("ul", { class: "reviews" }, ...reviews.map(review))),
      part("Rows", h("p", {}, shown.rows.join(", "))),
      part("Sent as", facts(shown.headers)),
    );
    this.element.scrollTop = 0;
  }
}

function part(title: string, ...children: Node[]): HTMLElement {
  return h("section", { "aria-label": title }, h("h5", {}, title), ...children);
}

function text(title: string, marked: Segment[]): HTMLElement {
  return part(title, h("pre", { tabindex: 0, "aria-label": title }, segments(marked)));
}

function facts(named: [name: string, value: string][]): HTMLElement {
  return h("dl", { class: "facts" }, ...named.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function attempt(one: Attempt): HTMLElement {
  const said = [second(one.at_ms), one.waited, one.latency === "" ? "" : `took ${one.latency}`, one.status, one.tokens, one.cost];
  return h(
    "li",
    { value: one.number },
    h("span", { class: one.good ? "good" : "loopai-bad" }, one.outcome),
    h("span", { class: "loopai-quiet" }, ` · ${said.filter(Boolean).join(" · ")}`),
    one.error !== "" && h("div", {}, one.error),
    one.text !== null && h("pre", { tabindex: 0, "aria-label": `What attempt ${one.number} answered` }, segments(one.text)),
  );
}

function review(one: Review): HTMLElement {
  const said = [`by ${one.by}`, second(one.at_ms), one.where].filter(Boolean).join(" · ");
  return h(
    "li",
    {},
    h("strong", {}, one.state),
    h("span", { class: "loopai-quiet" }, ` ${said}`),
    one.note !== "" && h("div", {}, one.note),
    one.text !== null && h("pre", { tabindex: 0, "aria-label": "The answer as it should be" }, segments(one.text)),
  );
}
