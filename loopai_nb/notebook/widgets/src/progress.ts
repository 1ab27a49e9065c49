// A run that is being carried out. What it shows and what a button does is the kernel's (run_desk.py).

import "./progress.css";
import { Chart, type Course } from "./lib/chart";
import { button, h } from "./lib/dom";
import { resident } from "./lib/home";
import { type Kernel, Refused } from "./lib/kernel";
import { listen } from "./lib/keyboard";

type State = "running" | "held" | "paused" | "ending";
type Part = "cached" | "answered" | "failed" | "in_flight" | "to_go";

interface Figure {
  name: string;
  value: string;
  note: string;
  used: number | null;
}

interface Progress {
  state: State;
  says: string;
  parts: Record<Part, number>;
  total: number;
  percent: number;
  figures: Figure[];
  server: string;
  warnings: string[];
}

interface Opened {
  run: string;
  what: string;
  progress: Progress;
  chart: Course;
}

/** In the order of the bar; the last one is what is left empty. */
const PARTS: [name: Part, said: string][] = [
  ["cached", "from the ledger"],
  ["answered", "answered"],
  ["failed", "failed"],
  ["in_flight", "in flight"],
  ["to_go", "to go"],
];
const TOLD_EVERY = 25;

class RunProgress {
  private readonly root = h("section", { class: "loopai-panel loopai-progress", "aria-label": "Run that is being carried out" });
  private readonly title = h("h3");
  private readonly what = h("span", { class: "what loopai-quiet" });
  private readonly state = h("span", { class: "state" });
  private readonly bar = h("div", { class: "bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": "Requests that are done" });
  private readonly legend = h("ul", { class: "legend" });
  private readonly figures = h("dl", { class: "figures" });
  private readonly server = h("p", { class: "server" });
  private readonly warnings = h("ul", { class: "warnings", role: "alert" });
  private readonly said = h("div", { class: "said loopai-bad", role: "alert" });
  private readonly heard = h("div", { class: "loopai-hidden", role: "status" });
  private readonly pauseButton = button("Pause", () => void this.turn(), { class: "loopai-main", key: "p" });
  private readonly cancelButton = button("Cancel", () => void this.cancel(), { key: "c", title: "what is answered is kept, and the run can be resumed" });
  private readonly chart = new Chart();
  private readonly fills = new Map<Part, HTMLElement>();
  private readonly counts = new Map<Part, HTMLElement>();
  private shown: Progress | null = null;
  private told = "";
  private busy = false;

  constructor(
    private readonly kernel: Kernel,
    place: HTMLElement,
    { run, what, progress, chart }: Opened,
  ) {
    place.append(this.root);
    listen(this.root, { p: () => void this.turn(), c: () => void this.cancel() });
    this.title.textContent = `Run ${run}`;
    this.what.textContent = what;
    this.root.setAttribute("aria-label", `Run ${run}`);
    for (const [name, said] of PARTS) this.addPart(name, said);
    this.root.replaceChildren(
      h("div", { class: "head" }, this.title, this.what, this.state),
      h("div", { class: "how-far" }, this.bar, this.legend),
      this.figures,
      this.chart.element,
      this.warnings,
      h("div", { class: "foot" }, this.pauseButton, this.cancelButton, this.server),
      this.said,
      this.heard,
    );
    this.fill(progress);
    this.chart.show(chart);
    this.kernel.hear<Progress>("progress", (now) => this.fill(now));
    this.kernel.hear<Course>("chart", (now) => this.chart.show(now));
  }

  close(): void {
    this.chart.close();
  }

  private addPart(name: Part, said: string): void {
    const count = h("b");
    this.counts.set(name, count);
    this.legend.append(h("li", { class: `part ${name}` }, h("i", { "aria-hidden": "true" }), count, said));
    if (name === "to_go") return;
    const fill = h("div", { class: `part ${name}` });
    this.fills.set(name, fill);
    this.bar.append(fill);
  }

  private fill(progress: Progress): void {
    const before = this.shown;
    this.shown = progress;
    const { parts, total, state, percent } = progress;
    for (const [name] of PARTS) {
      const count = parts[name];
      this.counts.get(name)!.textContent = count.toLocaleString("en");
      this.counts.get(name)!.parentElement!.hidden = count === 0 && name !== "answered";
      const fill = this.fills.get(name);
      fill?.classList.toggle("some", count > 0); // a few of many can be seen, too
      if (fill !== undefined) fill.style.flexGrow = String(total === 0 ? 0 : count / total);
    }
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.bar.setAttribute("aria-valuetext", `${percent}%, ${progress.says}`);
    this.root.dataset["state"] = state;
    this.state.textContent = progress.says;
    this.server.textContent = progress.server;
    this.fillFigures(progress.figures);
    if (before === null || before.warnings.length !== progress.warnings.length || this.warnings.childElementCount === 0) {
      this.warnings.replaceChildren(...progress.warnings.map((warning) => h("li", {}, warning)));
      this.warnings.hidden = progress.warnings.length === 0;
    }
    this.tellButtons();
    this.tell(progress);
  }

  /** In place, so that a screen reader's or a finger's place is not lost five times a second. */
  private fillFigures(figures: Figure[]): void {
    while (this.figures.childElementCount < figures.length) {
      const meter = h("div", { class: "meter", role: "meter", "aria-label": "spent of the budget", "aria-valuemin": 0, "aria-valuemax": 100 }, h("div"));
      this.figures.append(h("div", {}, h("dt"), h("dd", {}, h("div", { class: "value" }), meter, h("div", { class: "note" }))));
    }
    figures.forEach((figure, i) => {
      const shown = this.figures.children[i]!;
      put(shown.querySelector("dt")!, figure.name);
      put(shown.querySelector(".value")!, figure.value);
      put(shown.querySelector(".note")!, figure.note);
      const meter = shown.querySelector<HTMLElement>(".meter")!;
      meter.hidden = figure.used === null;
      const share = Math.round(Math.min(1, figure.used ?? 0) * 100);
      meter.setAttribute("aria-valuenow", String(share));
      meter.classList.toggle("near", (figure.used ?? 0) >= 0.8);
      (meter.firstElementChild as HTMLElement).style.width = `${share}%`;
    });
  }

  private tellButtons(): void {
    const state = this.shown?.state ?? "running";
    put(this.pauseButton.firstChild!, state === "paused" ? "Go on" : "Pause");
    // A button that is disabled loses the focus, and with it the widget would lose its keys.
    const ends = state === "ending";
    if (ends && this.root.contains(document.activeElement)) this.root.focus({ preventScroll: true });
    this.pauseButton.disabled = ends;
    this.cancelButton.disabled = ends;
  }

  /** For who hears it: another state, and each quarter of the way. */
  private tell({ state, says, percent }: Progress): void {
    const quarter = Math.floor(percent / TOLD_EVERY) * TOLD_EVERY;
    const told = `${state} ${quarter}`;
    if (told === this.told) return;
    this.told = told;
    this.heard.textContent = `${says}, ${quarter}% done`;
  }

  private async turn(): Promise<void> {
    if (this.busy || this.pauseButton.disabled || this.shown === null) return;
    await this.during(this.shown.state === "paused" ? "go_on" : "pause");
  }

  private async cancel(): Promise<void> {
    if (this.cancelButton.disabled) return;
    if (this.shown !== null) this.fill({ ...this.shown, state: "ending", says: "Stopping; what is answered is kept" });
    await this.during("cancel");
  }

  private async during(kind: "pause" | "go_on" | "cancel"): Promise<void> {
    this.busy = true;
    this.said.textContent = "";
    try {
      await this.kernel.ask(kind);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.said.textContent = error.message;
    } finally {
      this.busy = false;
    }
  }
}

function put(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export default resident<Opened>((kernel, place, opened) => new RunProgress(kernel, place, opened));
