// How far the review came: a bar, and the same in words.

import { h } from "../lib/dom";
import { type Progress, count } from "./types";

const PARTS = ["accepted", "edited", "rejected", "skipped"] as const;

export class Bar {
  readonly element = h("div", { class: "howfar" });
  private readonly bar = h("div", { class: "bar", role: "progressbar", "aria-label": "Reviewed", "aria-valuemin": 0 });
  private readonly words = h("div", { class: "words" });

  constructor() {
    this.element.append(this.bar, this.words);
  }

  show(progress: Progress): void {
    const reviewed = progress.total - progress.pending;
    this.bar.setAttribute("aria-valuemax", String(progress.total));
    this.bar.setAttribute("aria-valuenow", String(reviewed));
    this.bar.replaceChildren(
      ...PARTS.filter((part) => progress[part] > 0).map((part) => {
        const piece = h("div", { class: `part ${part}`, title: `${count(progress[part])} ${part}` });
        piece.style.width = `${(100 * progress[part]) / Math.max(1, progress.total)}%`;
        return piece;
      }),
    );
    const parts = PARTS.filter((part) => progress[part] > 0).map((part) =>
      h("span", { class: "part" }, h("span", { class: `swatch ${part}`, "aria-hidden": "true" }), `${count(progress[part])} ${part}`),
    );
    this.words.replaceChildren(h("strong", {}, `${count(reviewed)} of ${count(progress.total)} reviewed`), ...parts);
  }
}
