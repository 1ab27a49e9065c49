// Who reviews what, and how far any two agree.

import { button, h } from "../lib/dom";

interface Told {
  assigned: [who: string, what: string][];
  agree: [who: string, how: string][];
  who: string[];
}

export class People {
  readonly element = h("div", { class: "people", hidden: true, role: "group", "aria-label": "Reviewers" });
  readonly button = button("Reviewers", () => void this.turn(), { class: "loopai-plain" });

  constructor(private readonly ask: () => Promise<Told>) {}

  private async turn(): Promise<void> {
    const opens = this.element.hidden;
    this.element.hidden = !opens;
    this.button.setAttribute("aria-pressed", String(opens));
    if (!opens) return;
    const { assigned, agree, who } = await this.ask();
    const list = h("dl");
    for (const [name, what] of [...assigned, ...agree]) list.append(h("dt", {}, name), h("dd", {}, what));
    const none = agree.length === 0 ? [h("p", { class: "loopai-quiet" }, "No two have decided about the same row.")] : [];
    this.element.replaceChildren(h("p", {}, `Decided: ${who.join(", ") || "nobody yet"}`), list, ...none);
  }
}
