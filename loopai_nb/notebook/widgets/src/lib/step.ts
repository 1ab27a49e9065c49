// A step of a person's own code that waits for a decision (notebook/step_asking.py).

import { Countdown } from "./countdown";
import { type Segment, button, h, segments } from "./dom";
import { type Kernel, Refused } from "./kernel";
import { listen } from "./keyboard";

export interface StepOpened {
  step: { id: string; title: string; digest: string; asked_by: string; explanation: Segment[]; context: Segment[] };
  ends_in_ms: number;
}

const DIGEST = 12;

export class Step {
  private readonly root = h("section", {
    class: "loopai-panel loopai-approval",
    "aria-label": "Step that waits for approval",
  });
  private readonly said = h("div", { class: "said loopai-bad", role: "alert" });
  private readonly reasonText = h("input", { type: "text", placeholder: "why, if you like", "aria-label": "Reason" });
  private readonly reason = h("div", { class: "reason", hidden: true });
  private readonly time: Countdown;

  constructor(
    private readonly kernel: Kernel,
    el: HTMLElement,
    private readonly opened: StepOpened,
  ) {
    const { step } = opened;
    this.time = new Countdown(Date.now() + opened.ends_in_ms);
    this.reason.append(
      this.reasonText,
      button("Reject", () => void this.decide("reject"), { key: "Enter" }),
      button("Back", () => this.leave(), { class: "loopai-plain", key: "Esc" }),
    );
    this.root.append(
      h(
        "div",
        { class: "head" },
        h("h3", {}, step.title),
        h("span", { class: "server loopai-quiet" }, `asked by ${step.asked_by} as ${step.id}`),
        this.time.element,
      ),
      ...(step.explanation.length > 0 ? [h("p", { class: "why" }, segments(step.explanation))] : []),
      h("pre", { class: "context", tabindex: 0, "aria-label": "What is decided on" }, segments(step.context)),
      this.said,
      h(
        "div",
        { class: "foot" },
        button("Approve", () => void this.decide("approve"), { class: "loopai-main", key: "a" }),
        button("Reject …", () => this.ask(), { key: "r" }),
        h("span", { class: "digest" }, "digest ", h("code", { title: step.digest }, step.digest.slice(0, DIGEST))),
        this.reason,
      ),
    );
    listen(
      this.root,
      { a: () => void this.decide("approve"), r: () => this.ask(), Escape: () => this.leave() },
      { Enter: () => void this.decide("reject"), Escape: () => this.leave() },
    );
    el.append(this.root);
  }

  close(): void {
    this.time.close();
  }

  private async decide(kind: "approve" | "reject"): Promise<void> {
    this.said.textContent = "";
    try {
      await this.kernel.ask(kind, { digest: this.opened.step.digest, reason: this.reasonText.value });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.said.textContent = error.message;
    }
  }

  private ask(): void {
    this.reason.hidden = false;
    this.reasonText.focus();
  }

  private leave(): void {
    this.reason.hidden = true;
    this.root.focus();
  }
}
