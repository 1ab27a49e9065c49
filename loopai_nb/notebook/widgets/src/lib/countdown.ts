// A clock that shows how long something still waits.

import { clock, inWords } from "./clock";
import { h } from "./dom";

const LATE_MS = 60_000;

export class Countdown {
  readonly element = h("span", { class: "clock", role: "timer", "aria-live": "off" });
  private readonly ticking: number;

  constructor(private readonly endsAt: number) {
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 500);
  }

  close(): void {
    window.clearInterval(this.ticking);
  }

  private tick(): void {
    const left = this.endsAt - Date.now();
    this.element.textContent = `waits ${clock(left)}`;
    this.element.setAttribute("aria-label", inWords(left));
    this.element.classList.toggle("late", left < LATE_MS);
  }
}
