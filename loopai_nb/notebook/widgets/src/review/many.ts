// Deciding about many rows at once: which, how many they are, and only then the decision.

import { button, h } from "../lib/dom";
import { count, plural } from "./types";

export type Which = "list" | "answer" | "rule";

export interface Counted {
  rows: number;
  holds: number;
}

export interface Asks {
  count(which: Which, rule: string): Promise<Counted>;
  decide(what: "accept" | "edit" | "reject" | "skip", counted: Counted, words: string): void;
  leave(): void;
  /** From the confirmation to the choice. */
  back(): void;
  /** In words, what each kind of rows is now. */
  named(which: Which): string;
}

const WHICH = ["list", "answer", "rule"] as const;
const CONFIRMED: Record<string, string> = { accept: "Accept", edit: "Change", reject: "Reject", skip: "Skip" };

export class Many {
  readonly element = h("div", { class: "many", hidden: true, role: "group", "aria-label": "Many at once" });
  private readonly which = h("select", { "aria-label": "Which rows" });
  private readonly rule = h("input", { type: "text", class: "wide", placeholder: "remarks.str.contains('bird') and latency_ms < 900", "aria-label": "Rule", spellcheck: "false" });
  private readonly words = h("input", { type: "text", "aria-label": "Words" });
  private readonly said = h("div", { class: "counted", role: "status" });
  private readonly confirm = button("", () => this.confirmed(), { class: "loopai-main", key: "Enter" });
  private readonly choices: HTMLElement;
  private readonly sure = h("div", { class: "buttons sure", hidden: true });
  private what: "accept" | "edit" | "reject" | "skip" = "accept";
  private counted: Counted | null = null;
  private asking = 0;

  constructor(private readonly asks: Asks) {
    this.choices = h(
      "div",
      { class: "buttons" },
      button("Accept all", () => this.choose("accept"), { key: "a" }),
      button("Change all to …", () => this.choose("edit"), { key: "e" }),
      button("Reject all …", () => this.choose("reject"), { key: "x" }),
      button("Skip all", () => this.choose("skip"), { key: "s" }),
      button("Back", () => asks.leave(), { class: "loopai-plain", key: "Esc" }),
    );
    this.sure.append(this.words, this.confirm, button("Back", () => asks.back(), { class: "loopai-plain", key: "Esc" }));
    this.element.append(h("div", { class: "which" }, this.which, this.rule), this.said, this.choices, this.sure);
    this.which.addEventListener("change", () => this.turned());
    this.rule.addEventListener("change", () => this.turned());
  }

  /** A key while no input has the focus. */
  key(name: string): void {
    const acts = { a: "accept", e: "edit", x: "reject", s: "skip" } as const;
    if (!this.sure.hidden) {
      if (name === "Enter") this.confirmed();
      else if (name === "Escape") this.asks.back();
      return;
    }
    if (name === "Escape") this.asks.leave();
    else if (WHICH[Number(name) - 1] !== undefined) {
      this.which.value = WHICH[Number(name) - 1]!;
      this.turned();
    } else if (name in acts) this.choose(acts[name as keyof typeof acts]);
  }

  /** Enter and Escape in one of its inputs. */
  enter(): void {
    if (document.activeElement === this.rule) this.turned();
    else if (!this.sure.hidden) this.confirmed();
  }

  escape(): void {
    if (this.sure.hidden) this.asks.leave();
    else this.asks.back();
  }

  open(): void {
    const before = this.which.value;
    const options = WHICH.map((each, at) => h("option", { value: each }, `${at + 1}  ${this.asks.named(each)}`));
    this.which.replaceChildren(...options);
    this.which.value = before || "list";
    this.element.hidden = false;
    this.sure.hidden = true;
    this.choices.hidden = false;
    this.turned();
  }

  private turned(): void {
    const which = this.which.value as Which;
    this.rule.hidden = which !== "rule";
    this.counted = null;
    this.able(false);
    if (which === "rule" && this.rule.value.trim() === "") {
      this.said.textContent = "A rule compares columns; Enter counts its rows.";
      this.rule.focus();
      return;
    }
    this.said.textContent = "counting …";
    const asked = (this.asking += 1);
    this.asks.count(which, this.rule.value).then(
      (counted) => {
        if (asked !== this.asking) return;
        this.counted = counted;
        this.said.textContent = holds(counted);
        this.able(counted.rows > 0);
      },
      (error: Error) => {
        if (asked === this.asking) this.said.textContent = error.message;
      },
    );
  }

  private able(able: boolean): void {
    for (const each of [...this.choices.querySelectorAll("button")].slice(0, -1)) each.disabled = !able;
  }

  private choose(what: "accept" | "edit" | "reject" | "skip"): void {
    if (this.counted === null || this.counted.rows === 0) return;
    this.what = what;
    this.words.hidden = what === "accept" || what === "skip";
    this.words.placeholder = what === "edit" ? "the answer that they get" : "why";
    this.words.value = "";
    this.confirm.firstChild!.textContent = `${CONFIRMED[what]} ${plural(this.counted.holds, "row")}`;
    this.choices.hidden = true;
    this.sure.hidden = false;
    (this.words.hidden ? this.confirm : this.words).focus();
  }

  private confirmed(): void {
    if (this.counted === null) return;
    const words = this.words.value.trim();
    if (!this.words.hidden && words === "") {
      this.words.focus();
      return;
    }
    this.asks.decide(this.what, this.counted, words);
  }
}

function holds({ rows, holds }: Counted): string {
  if (rows === 0) return "No row of these waits for a decision.";
  const more = holds > rows ? `, and ${count(holds - rows)} more with the same requests` : "";
  return `${plural(rows, "row")}${more}.`;
}
