// A small chart of latencies over time, and the same as a table for who does not see it.

import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { h } from "./dom";
import { axisSplits, latency, seconds } from "./time";

/** Columns of equal length; null where there was no answer. */
export interface Course {
  at_s: number[];
  p50_ms: (number | null)[];
  p95_ms: (number | null)[];
  per_s: number[];
}

const HEIGHT_PX = 112;
const MOST_ROWS = 12;

/** A theme says its name first, and its colours come some time later. */
const THEME_COMES_MS = 400;

export class Chart {
  readonly element = h("figure", { class: "loopai-chart", hidden: true });
  private readonly canvas = h("div", { class: "canvas", role: "img" });
  private readonly table = h("tbody");
  private readonly details = h("details", {}, h("summary", {}, "Latency over time as numbers"));
  private readonly sizes: ResizeObserver;
  private readonly themes: MutationObserver;
  private plot: uPlot | null = null;
  private course: Course | null = null;
  private colours = "";

  constructor() {
    const cells = ["after", "answers/s", "p50", "p95"].map((name) => h("th", { scope: "col" }, name));
    this.details.append(h("table", {}, h("thead", {}, h("tr", {}, ...cells)), this.table));
    this.details.addEventListener("toggle", () => this.fillTable());
    const key = h(
      "figcaption",
      { class: "loopai-quiet" },
      "Latency ",
      h("span", { class: "key p50" }, h("i", { "aria-hidden": "true" }), "p50"),
      h("span", { class: "key p95" }, h("i", { "aria-hidden": "true" }), "p95"),
    );
    this.element.append(key, this.canvas, this.details);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.canvas);
    // A canvas does not change its colours by itself when the theme does.
    this.themes = new MutationObserver(() => window.setTimeout(() => this.recolour(), THEME_COMES_MS));
    this.themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  }

  show(course: Course): void {
    this.course = course;
    const known = course.p50_ms.filter((ms) => ms !== null).length;
    this.element.hidden = known < 2;
    if (known < 2) return;
    this.canvas.setAttribute("aria-label", inWords(course));
    if (this.plot === null) this.redraw();
    else this.plot.setData(columns(course));
    this.recolour();
    this.fillTable();
  }

  close(): void {
    this.sizes.disconnect();
    this.themes.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  private resize(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    if (this.plot === null) this.redraw();
    else if (this.plot.width !== width) this.plot.setSize({ width, height: HEIGHT_PX });
  }

  private recolour(): void {
    if (this.plot !== null && Object.values(coloursOf(this.canvas)).join() !== this.colours) this.redraw();
  }

  private redraw(): void {
    const width = this.canvas.clientWidth;
    if (this.course === null || width === 0) return;
    this.plot?.destroy();
    const colours = coloursOf(this.canvas);
    this.colours = Object.values(colours).join();
    this.plot = new uPlot(options(width, this.canvas, colours), columns(this.course), this.canvas);
  }

  private fillTable(): void {
    if (!this.details.open || this.course === null) return;
    const { at_s, per_s, p50_ms, p95_ms } = this.course;
    const known = at_s.map((_, i) => i).filter((i) => p50_ms[i] !== null);
    const step = Math.ceil(known.length / MOST_ROWS);
    const picked = known.filter((_, i) => (known.length - 1 - i) % step === 0);
    this.table.replaceChildren(
      ...picked.map((i) =>
        h("tr", {}, h("td", {}, seconds(at_s[i]!)), h("td", {}, per_s[i]!.toFixed(1)), h("td", {}, latency(p50_ms[i]!)), h("td", {}, latency(p95_ms[i]!))),
      ),
    );
  }
}

function columns({ at_s, p50_ms, p95_ms }: Course): uPlot.AlignedData {
  return [at_s, p50_ms, p95_ms];
}

function inWords({ at_s, p50_ms, p95_ms }: Course): string {
  const last = p50_ms.findLastIndex((ms) => ms !== null);
  const most = Math.max(...p95_ms.map((ms) => ms ?? 0));
  return `Latency over ${seconds(at_s.at(-1) ?? 0)}: lately p50 ${latency(p50_ms[last]!)}, p95 ${latency(p95_ms[last]!)}; at most ${latency(most)}`;
}

function options(width: number, element: HTMLElement, { ink, rule, p50, p95 }: Colours): uPlot.Options {
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const grid = { stroke: rule, width: 1 };
  const line = { width: 1.75, spanGaps: true, points: { show: false } };
  return {
    width,
    height: HEIGHT_PX,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: false, range: (_plot, _low, high) => [0, high] }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] } },
    axes: [
      { stroke: ink, font, size: 24, gap: 4, grid: { show: false }, ticks: { ...grid, size: 4 }, space: 70, values: (_plot, at) => at.map(seconds) },
      { stroke: ink, font, size: 62, gap: 6, grid, ticks: { show: false }, splits: (_plot, _axis, low, high) => axisSplits(low, high), values: (_plot, at) => at.map(latency) },
    ],
    series: [
      {},
      { ...line, label: "p50", stroke: p50 },
      { ...line, label: "p95", stroke: p95, dash: [5, 3] },
    ],
  };
}

interface Colours {
  ink: string;
  rule: string;
  p50: string;
  p95: string;
}

/** A canvas knows no variables, and no light-dark() on every browser: an element resolves them. */
function coloursOf(element: HTMLElement): Colours {
  const probe = h("span", { hidden: true });
  element.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { ink: colour("--loopai-quiet"), rule: colour("--loopai-line"), p50: colour("--loopai-accent"), p95: colour("--loopai-warn") };
  probe.remove();
  return found;
}
