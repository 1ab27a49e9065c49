// What waits for a decision: a plan (here), or a step of a person's own code (lib/step.ts). What is shown and what
// a decision means is the kernel's (approval_desk.py, step_asking.py).

import "./approval.css";
import { Countdown } from "./lib/countdown";
import { type Segment, button, h, segments } from "./lib/dom";
import { resident } from "./lib/home";
import { type Kernel, Refused } from "./lib/kernel";
import { listen } from "./lib/keyboard";
import { Rows } from "./lib/rows";
import { Step, type StepOpened } from "./lib/step";

interface Figure {
  name: string;
  value: string;
  note: string;
  used: number | null;
}

interface Plan {
  id: string;
  digest: string;
  frame: string;
  server: string;
  figures: Figure[];
  notes: string[];
  parameters: string;
  template: string;
  system: string | null;
  left_out: number[];
  rows: number;
  to_send: number;
  masked: number;
}

interface Differs {
  before: { id: string; digest: string };
  template: Segment[] | null;
  system: Segment[] | null;
  left_out: string;
  figures: [name: string, before: string, after: string][];
}

interface Opened {
  plan: Plan;
  can_change: boolean;
  /** A person answered another question of this cell a moment ago: this one goes on where that one was. */
  follows: boolean;
  sample: number;
  differs: Differs | null;
  ends_in_ms: number;
}

interface Line {
  position: number;
  label: string;
  text: string;
  out: boolean;
  cached: boolean;
}

interface Row {
  position: number;
  label: string;
  tokens: number;
  cached: boolean;
  error: string | null;
  system: Segment[] | null;
  prompt: Segment[];
}

const ROW_PX = 27;
const DIGEST = 12;

class Approval {
  private readonly root = h("section", { class: "loopai-panel loopai-approval", "aria-label": "Plan that waits for approval" });
  private readonly list: Rows<Line>;
  private readonly said = h("div", { class: "said loopai-bad", role: "alert" });
  private readonly heard = h("div", { class: "loopai-hidden", role: "status" });
  private readonly time: Countdown;
  private at = 0;
  private hit = "";
  private ranks = { longest: 0, shortest: 0 };
  private marked = new Set<number>();
  private asking = 0;
  private busy = false;

  constructor(
    private readonly kernel: Kernel,
    el: HTMLElement,
    private opened: Opened,
  ) {
    this.time = new Countdown(Date.now() + opened.ends_in_ms);
    this.list = new Rows<Line>("Rows of the plan", ROW_PX, {
      window: (first, count) => this.kernel.ask<Line[]>("window", { first, count }),
      draw: (row, element) => this.drawLine(row, element),
      choose: (index) => void this.show(index),
    });
    el.append(this.root);
    listen(this.root, this.keys(), {
      Escape: () => this.leave(),
      "Ctrl+Enter": () => void this.change(),
      Enter: () => this.enter(),
    });
    this.layOut();
    this.fill();
    void this.show(0);
    if (opened.follows) this.takeOver();
  }

  close(): void {
    this.time.close();
  }

  // What is there

  private readonly title = h("h3");
  private readonly server = h("span", { class: "server loopai-quiet" });
  private readonly figures = h("dl", { class: "figures" });
  private readonly notes = h("ul", { class: "notes" });
  private readonly differs = h("div", { class: "differs" });
  private readonly tools = h("div", { class: "tools" });
  private readonly one = h("div", { class: "one" });
  private readonly prompts = h("div", { class: "prompts", role: "tabpanel", "aria-label": "Prompts" });
  private readonly edit = h("div", { class: "edit", role: "tabpanel", "aria-label": "Template", hidden: true });
  private readonly template = h("textarea", { id: unique("template"), spellcheck: "false", rows: 7 });
  private readonly system = h("textarea", { id: unique("system"), spellcheck: "false", rows: 3 });
  private readonly draft = h("div", { class: "draft", role: "status", hidden: true });
  private readonly find = h("input", { type: "search", placeholder: "find", "aria-label": "Find in prompts" });
  private readonly found = h("span", { class: "found loopai-quiet", role: "status" });
  private readonly jump = h("input", { type: "number", class: "jump", min: 0, placeholder: "row", "aria-label": "Go to row" });
  private readonly count = h("input", { type: "number", class: "count", min: 1, "aria-label": "How many to send first" });
  private readonly reasonText = h("input", { type: "text", placeholder: "why, if you like", "aria-label": "Reason" });
  private readonly reason = h("div", { class: "reason", hidden: true });
  private readonly digest = h("span", { class: "digest" });
  private readonly promptsTab = this.tab("Prompts", () => this.turn("prompts"));
  private readonly editTab = this.tab("Template", () => this.turn("edit"));
  private readonly approveButton = button("Approve", () => void this.approve(), { class: "loopai-main", key: "a" });
  private readonly sampleButton = button("first", () => void this.sample(), { key: "s" });
  private readonly rejectButton = button("Reject …", () => this.askReason(), { key: "r" });
  private readonly outButton = button("Leave out", () => this.leaveOut(), { key: "x" });
  private readonly maskedButton = button("Masked", () => void this.go("masked"), {
    class: "loopai-plain",
    key: "m",
    title: "next row in which a rule masked something",
  });

  private layOut(): void {
    const plain = (label: string, press: () => void, title: string, key?: string): HTMLButtonElement => {
      const made = button(label, press, { class: "loopai-plain", title, ...(key === undefined ? {} : { key }) });
      if (label.length === 1) made.setAttribute("aria-label", title); // an arrow says nothing
      return made;
    };
    this.tools.append(
      h("div", { class: "tabs", role: "tablist" }, this.promptsTab, this.opened.can_change && this.editTab),
      h(
        "span",
        { class: "find" },
        this.find,
        plain("‹", () => void this.search(-1), "previous row that holds it (N)"),
        plain("›", () => void this.search(1), "next row that holds it (n)"),
        this.found,
      ),
      this.jump,
      this.maskedButton,
      plain("Odd", () => void this.go("odd"), "next row with characters that would not be seen", "o"),
      plain("Longest", () => void this.go("longest"), "the longest prompt, then the next", "l"),
      plain("Shortest", () => void this.go("shortest"), "the shortest prompt, then the next"),
      plain("Random", () => void this.go("random"), "any row (?)"),
    );
    this.find.addEventListener("input", () => {
      this.hit = "";
      this.found.textContent = "";
    });
    this.prompts.append(this.list.element, this.one);
    for (const area of [this.template, this.system]) area.addEventListener("input", () => this.tellDraft());
    this.edit.append(
      h("label", { for: this.template.id }, "Template, with {{ column }} of the frame"),
      this.template,
      h("label", { for: this.system.id }, "System prompt; empty for none"),
      this.system,
    );
    this.reason.append(
      this.reasonText,
      button("Reject", () => void this.reject(), { key: "Enter" }),
      button("Back", () => this.leave(), { class: "loopai-plain", key: "Esc" }),
    );
    const foot = h(
      "div",
      { class: "foot" },
      this.approveButton,
      this.opened.sample > 0 && this.sampleButton,
      this.opened.sample > 0 && this.count,
      this.opened.can_change && button("Edit template", () => this.turn("edit"), { key: "e" }),
      this.rejectButton,
      this.digest,
      this.reason,
    );
    this.count.value = String(this.opened.sample);
    this.count.addEventListener("input", () => this.tellSample());
    this.tellSample();
    this.root.replaceChildren(
      h("div", { class: "head" }, this.title, this.server, this.time.element),
      this.figures,
      this.notes,
      this.differs,
      this.tools,
      this.prompts,
      this.edit,
      this.draft,
      this.said,
      foot,
      this.heard,
    );
  }

  /** Everything that a new plan changes. */
  private fill(): void {
    const { plan, differs } = this.opened;
    this.title.textContent = `Plan ${plan.id}`;
    this.server.textContent = `${plan.frame} → ${plan.server} · ${plan.parameters}`;
    this.figures.replaceChildren(...plan.figures.map(figure));
    this.notes.replaceChildren(...plan.notes.map((note) => h("li", {}, note)));
    this.notes.hidden = plan.notes.length === 0;
    this.differs.replaceChildren(...(differs === null ? [] : [difference(plan, differs)]));
    this.differs.hidden = differs === null;
    this.template.value = plan.template;
    this.system.value = plan.system ?? "";
    this.marked = new Set(plan.left_out);
    this.maskedButton.hidden = plan.masked === 0;
    this.jump.max = String(plan.rows - 1);
    this.digest.replaceChildren("digest ", h("code", { title: plan.digest }, plan.digest.slice(0, DIGEST)));
    this.ranks = { longest: 0, shortest: 0 };
    this.list.reset(plan.rows);
    this.tellDraft();
  }

  private drawLine(row: Line, element: HTMLElement): void {
    const out = row.out || this.marked.has(row.position);
    element.classList.toggle("out", out);
    element.append(
      h("span", { class: "at" }, row.label === "" ? String(row.position) : row.label),
      h("span", { class: "text" }, row.text),
      h("span", { class: "flag" }, out ? "out" : row.cached ? "answered" : ""),
    );
  }

  // Going through the rows

  private async show(position: number): Promise<void> {
    const last = this.opened.plan.rows - 1;
    this.at = Math.max(0, Math.min(last, position));
    this.list.select(this.at);
    const asked = (this.asking += 1);
    const row = await this.kernel.ask<Row | null>("row", { position: this.at, hit: this.hit });
    if (asked !== this.asking || row === null) return; // somebody went on meanwhile
    this.drawRow(row);
  }

  private drawRow(row: Row): void {
    const { plan, can_change } = this.opened;
    const marked = this.marked.has(row.position);
    const facts = [
      `${(row.position + 1).toLocaleString("en")} of ${plan.rows.toLocaleString("en")}`,
      row.label === "" || row.label === String(row.position) ? "" : `row ${row.label}`,
      row.error === null ? `${row.tokens.toLocaleString("en")} tokens` : "",
      row.cached ? "answered before" : "",
    ].filter(Boolean);
    this.outButton.hidden = !can_change || (row.error !== null && !marked);
    this.outButton.firstChild!.textContent = marked ? "Take back in" : "Leave out";
    this.outButton.setAttribute("aria-pressed", String(marked));
    const text = h("pre", { tabindex: 0, role: "group", "aria-label": "Prompt" });
    if (row.system !== null) {
      text.append(h("span", { class: "system" }, "[system] ", segments(row.system)));
    }
    if (row.error !== null) text.append(h("span", { class: "loopai-quiet" }, `Not sent: ${row.error}`));
    else text.append(segments(row.prompt));
    this.one.replaceChildren(
      h("div", { class: "about" }, h("span", { class: "what loopai-quiet" }, facts.join(" · ")), this.outButton),
      text,
    );
    this.heard.textContent = facts.join(", ");
  }

  private async search(step: 1 | -1): Promise<void> {
    const text = this.find.value;
    if (text === "") {
      this.find.focus();
      return;
    }
    const on = this.hit === text; // again: the next one
    const answer = await this.kernel.ask<{ position: number | null; count: number }>("find", {
      text,
      step,
      position: this.at + (on ? step : 0),
    });
    this.hit = text;
    this.found.textContent = answer.count === 0 ? "in no row" : `in ${answer.count.toLocaleString("en")}`;
    if (answer.position !== null) await this.show(answer.position);
  }

  private async go(to: "random" | "longest" | "shortest" | "odd" | "masked"): Promise<void> {
    const rank = to === "longest" || to === "shortest" ? this.ranks[to] : 0;
    const position = await this.kernel.ask<number | null>("jump", { to, rank, position: this.at });
    if (position === null && rank > 0 && (to === "longest" || to === "shortest")) {
      this.ranks[to] = 0; // once round
      return this.go(to);
    }
    if (to === "longest" || to === "shortest") this.ranks[to] += 1;
    this.found.textContent = position === null ? (to === "odd" ? "no odd character" : "none") : "";
    if (position !== null) await this.show(position);
  }

  // Changing

  private leaveOut(): void {
    if (!this.opened.can_change || this.outButton.hidden) return;
    if (this.marked.has(this.at)) this.marked.delete(this.at);
    else this.marked.add(this.at);
    this.list.refresh();
    this.tellDraft();
    void this.show(this.at);
  }

  private differsFromPlan(): string[] {
    const { plan } = this.opened;
    const said: string[] = [];
    if (this.template.value !== plan.template) said.push("the template");
    if (this.system.value !== (plan.system ?? "")) said.push("the system prompt");
    const before = new Set(plan.left_out);
    const moved = [...this.marked].filter((row) => !before.has(row)).length + [...before].filter((row) => !this.marked.has(row)).length;
    if (moved > 0) said.push(moved === 1 ? "1 row" : `${moved} rows`);
    return said;
  }

  private tellDraft(): void {
    const differs = this.differsFromPlan();
    const open = differs.length > 0;
    for (const decides of [this.approveButton, this.sampleButton]) decides.disabled = open || this.busy;
    const wasHidden = this.draft.hidden;
    this.draft.hidden = !open;
    if (!open) return;
    const words = `You changed ${differs.join(" and ")}: that makes a new plan to decide on.`;
    if (!wasHidden && this.draft.firstElementChild !== null) {
      this.draft.firstElementChild.textContent = words;
      return;
    }
    this.draft.replaceChildren(
      h("span", {}, words),
      button("Make the new plan", () => void this.change(), { class: "loopai-main", key: "u" }),
      button("Undo the change", () => this.undo(), { class: "loopai-plain" }),
    );
  }

  private takeOver(): void {
    this.root.scrollIntoView({ block: "nearest" });
    this.root.focus({ preventScroll: true });
  }

  private undo(): void {
    this.fill();
    void this.show(this.at);
    this.root.focus();
  }

  private async change(): Promise<void> {
    if (this.busy || this.differsFromPlan().length === 0) return;
    await this.during(async () => {
      const opened = await this.kernel.ask<Opened>("change", {
        template: this.template.value,
        system: this.system.value,
        left_out: [...this.marked].sort((a, b) => a - b),
      });
      this.opened = opened;
      this.fill();
      this.turn("prompts");
      await this.show(this.at);
      this.heard.textContent = `New plan ${opened.plan.id}, digest ${opened.plan.digest.slice(0, DIGEST)}`;
    });
  }

  // Deciding

  private async approve(): Promise<void> {
    if (this.approveButton.disabled) return;
    await this.during(() => this.kernel.ask("approve", { digest: this.opened.plan.digest }));
  }

  private async sample(): Promise<void> {
    if (this.sampleButton.disabled || this.opened.sample === 0) return;
    const sample = Number(this.count.value);
    if (!Number.isInteger(sample) || sample < 1) {
      this.count.focus();
      return;
    }
    await this.during(() => this.kernel.ask("approve", { digest: this.opened.plan.digest, sample }));
  }

  private tellSample(): void {
    this.sampleButton.firstChild!.textContent = `Send ${this.count.value || "…"} first`;
  }

  private askReason(): void {
    this.reason.hidden = false;
    this.reasonText.focus();
  }

  private async reject(): Promise<void> {
    await this.during(() =>
      this.kernel.ask("reject", { digest: this.opened.plan.digest, reason: this.reasonText.value }),
    );
  }

  /** One question to the kernel at a time; what it says no to is told. */
  private async during(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.said.textContent = "";
    this.root.setAttribute("aria-busy", "true");
    // A button that is disabled loses the focus, and with it the widget would lose its keys.
    if (document.activeElement instanceof HTMLButtonElement && this.root.contains(document.activeElement)) {
      this.root.focus({ preventScroll: true });
    }
    this.tellDraft();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.said.textContent = error.message;
    } finally {
      this.busy = false;
      this.root.removeAttribute("aria-busy");
      this.tellDraft();
    }
  }

  // Keys and places

  private keys(): Record<string, () => void> {
    const next = (): void => void this.show(this.at + 1);
    const before = (): void => void this.show(this.at - 1);
    return {
      a: () => void this.approve(),
      s: () => void this.sample(),
      e: () => this.turn("edit"),
      r: () => this.askReason(),
      u: () => void this.change(),
      x: () => this.leaveOut(),
      j: next,
      k: before,
      ArrowDown: next,
      ArrowUp: before,
      PageDown: () => void this.show(this.at + 10),
      PageUp: () => void this.show(this.at - 10),
      Home: () => void this.show(0),
      End: () => void this.show(this.opened.plan.rows - 1),
      "/": () => this.find.focus(),
      g: () => this.jump.focus(),
      n: () => void this.search(1),
      N: () => void this.search(-1),
      o: () => void this.go("odd"),
      m: () => void this.go("masked"),
      l: () => void this.go("longest"),
      "?": () => void this.go("random"),
      Escape: () => this.leave(),
    };
  }

  /** Enter, where somebody writes. */
  private enter(): void {
    const where = document.activeElement;
    if (where === this.find) void this.search(1);
    else if (where === this.jump && this.jump.value !== "") {
      this.hit = "";
      void this.show(Number(this.jump.value));
    } else if (where === this.reasonText) void this.reject();
    else if (where === this.count) void this.sample();
  }

  private leave(): void {
    this.reason.hidden = true;
    if (!this.edit.hidden) this.turn("prompts");
    this.root.focus();
  }

  private turn(to: "prompts" | "edit"): void {
    if (!this.opened.can_change) return;
    const edits = to === "edit";
    this.edit.hidden = !edits;
    this.prompts.hidden = edits;
    for (const tool of [...this.tools.children].slice(1)) (tool as HTMLElement).inert = edits;
    this.tools.classList.toggle("off", edits);
    this.editTab.setAttribute("aria-selected", String(edits));
    this.promptsTab.setAttribute("aria-selected", String(!edits));
    if (edits) this.template.focus();
    else this.root.focus();
  }

  private tab(label: string, press: () => void): HTMLButtonElement {
    const made = button(label, press);
    made.setAttribute("role", "tab");
    made.setAttribute("aria-selected", String(label === "Prompts"));
    return made;
  }
}

function figure({ name, value, note, used }: Figure): HTMLElement {
  const share = used === null ? null : Math.round(Math.min(1, used) * 100);
  const meter = h("div", {
    class: `meter${used !== null && used > 1 ? " over" : ""}`,
    role: "meter",
    "aria-label": "worst case against the budget",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-valuenow": share,
  });
  const filled = h("div");
  filled.style.width = `${share ?? 0}%`;
  meter.append(filled);
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("div", { class: "value" }, value), share !== null && meter, h("div", { class: "note" }, note)));
}

function difference(plan: Plan, differs: Differs): DocumentFragment {
  const facts = h("dl", {}, h("dt", {}, "digest"));
  facts.append(h("dd", { class: "loopai-mono" }, h("del", { class: "loopai-cut" }, differs.before.digest.slice(0, DIGEST)), " ", h("ins", { class: "loopai-new" }, plan.digest.slice(0, DIGEST))));
  for (const [name, before, after] of differs.figures) {
    facts.append(h("dt", {}, name), h("dd", {}, h("del", { class: "loopai-cut" }, before), " ", h("ins", { class: "loopai-new" }, after)));
  }
  if (differs.left_out !== "") facts.append(h("dt", {}, "left out"), h("dd", {}, differs.left_out));
  const shown = document.createDocumentFragment();
  shown.append(h("h4", {}, `A new plan in the place of ${differs.before.id}`));
  if (differs.template !== null) shown.append(h("pre", { "aria-label": "How the template was changed" }, segments(differs.template)));
  if (differs.system !== null) shown.append(h("pre", { "aria-label": "How the system prompt was changed" }, "[system] ", segments(differs.system)));
  shown.append(facts);
  return shown;
}

function unique(name: string): string {
  return `loopai-${name}-${Math.random().toString(36).slice(2, 10)}`;
}

export default resident<Opened | StepOpened>((kernel, place, opened) =>
  "step" in opened ? new Step(kernel, place, opened) : new Approval(kernel, place, opened),
);
