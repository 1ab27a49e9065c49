// The charts of the overview: stacked bars over time, percentiles over time, and how latencies are distributed.

import uPlot from "uplot";
import { button, h } from "../lib/dom";
import { axisSplits, latency } from "../lib/time";
import { type Colours, Figure, type Plotted, type Table } from "./figure";
import type { State } from "./state";
import type { Group, Overview } from "./wire";
import { axisTimes, short, stretch, usd, usdShort, whole } from "./words";

const MOST_LINES = 8;
const OTHERS = 5;
const FONT_PX = 11;
const NARROW_PX = 5;
const bars = uPlot.paths.bars!;

/** Which colour a model has; it keeps it while filters and time change. */
export class Palette {
  private readonly places = new Map<string, number>();

  place(name: string | null): number {
    if (name === null) return OTHERS;
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const taken = new Set(this.places.values());
    const free = [0, 1, 2, 3, 4].find((place) => !taken.has(place)) ?? this.places.size % OTHERS;
    this.places.set(name, free);
    return free;
  }
}

/** Every step from the first to the last one, with or without requests. */
function steps({ since_ms, until_ms, step_ms }: Overview): number[] {
  const found = [];
  for (let at = Math.floor(since_ms / step_ms) * step_ms; at < until_ms; at += step_ms) found.push(at);
  return found;
}

function spreadOut<T>(all: number[], times: number[], values: T[], none: T): T[] {
  const at = new Map(times.map((time, i) => [time, values[i]!]));
  return all.map((time) => at.get(time) ?? none);
}

function font(): string {
  return `${FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
}

function axes(colours: Colours, x: Partial<uPlot.Axis>, y: Partial<uPlot.Axis>): uPlot.Axis[] {
  const grid = { stroke: colours.rule, width: 1 };
  const common = { stroke: colours.ink, font: font() };
  return [
    { ...common, size: 30, gap: 4, grid: { show: false }, ticks: { ...grid, size: 4 }, ...x },
    { ...common, size: 52, gap: 6, grid, ticks: { show: false }, splits: (_plot, _axis, low, high) => axisSplits(low, high), ...y },
  ];
}

function timeAxis(step_ms: number): Partial<uPlot.Axis> {
  return { space: 64, values: (_plot, at) => axisTimes(at, step_ms) };
}

function ends({ since_ms, until_ms, step_ms }: Overview): [number, number] {
  return [(Math.floor(since_ms / step_ms) * step_ms) / 1000, until_ms / 1000];
}

abstract class OverTime extends Figure<Overview> {
  constructor(
    title: string,
    kind: string,
    protected readonly state: State,
  ) {
    super(title, kind);
  }

  protected override dragged(data: Overview, from: number, to: number): void {
    const step = data.step_ms;
    const since = Math.floor((from * 1000) / step) * step;
    const until = Math.ceil((to * 1000) / step) * step;
    this.state.range(since, Math.min(until, Math.max(data.until_ms, since + step)));
  }

  protected override twice(): void {
    this.state.back();
  }

  /** The requests of one step. */
  protected open(data: Overview, at_ms: number, model: string | null): void {
    this.state.showRequests({}, { last: null, since_ms: at_ms, until_ms: at_ms + data.step_ms, ...(model === null ? {} : { model }) });
  }

  protected noteOf(): string {
    return "";
  }
}

/** Requests, or their cost, a bar for each step with a part for each model. */
export class Stack extends OverTime {
  constructor(
    title: string,
    state: State,
    private readonly palette: Palette,
    private readonly what: "requests" | "cost_usd",
  ) {
    super(title, "stack", state);
  }

  override show(data: Overview): void {
    super.show(data);
    const colours = this.colours();
    const chosen = data.series.groups.length === 1 ? this.state.scope.model : null;
    this.legend.replaceChildren(
      ...data.series.groups.map((group) => {
        const mark = h("i", { "aria-hidden": "true" });
        mark.style.background = colours.series[this.palette.place(group.name)]!;
        if (group.name === null) return h("li", {}, mark, group.shown);
        const only = button(group.shown, () => this.state.change({ model: chosen === null ? group.name : null }), {
          class: "loopai-link",
          title: chosen === null ? `Only ${group.shown}` : "All models",
        });
        return h("li", {}, mark, only);
      }),
    );
  }

  protected plotted(data: Overview, colours: Colours): Plotted {
    const all = steps(data);
    const groups = data.series.groups;
    let sum = all.map(() => 0);
    const stacked: number[][] = groups.map((group) => {
      const values = spreadOut(all, data.series.times_ms, group[this.what], 0);
      sum = sum.map((below, i) => below + values[i]!);
      return sum;
    });
    // The whole bar is drawn first, and what is below covers it.
    const places = groups.map((group) => this.palette.place(group.name)).reverse();
    const say = this.what === "requests" ? short : usdShort;
    const path = bars({ size: [0.86, 46], align: 1, radius: 0 });
    return {
      shape: JSON.stringify([places, data.step_ms]),
      data: [all.map((ms) => ms / 1000), ...stacked.reverse()],
      options: {
        padding: [8, 8, 0, 0],
        scales: {
          x: { time: true, range: () => ends(this.data ?? data) },
          y: { range: (_plot, _low, high) => [0, this.top(high)] },
        },
        axes: axes(colours, timeAxis(data.step_ms), { values: (_plot, at) => at.map(say) }),
        series: [
          {},
          ...places.map((place): uPlot.Series => {
            const colour = colours.series[place]!;
            return { fill: colour, stroke: colours.paper, width: this.wide(all.length) ? 1 : 0, paths: path, points: { show: false } };
          }),
        ],
      },
    };
  }

  protected nothingOf(data: Overview): string {
    if (data.series.groups.length === 0) return "Nothing was asked in this time.";
    if (this.what === "cost_usd" && data.series.groups.every((group) => group.cost_usd.every((usd) => usd === 0))) {
      return "Nothing was paid in this time, as far as prices are known.";
    }
    return "";
  }

  protected inWords(data: Overview): string {
    const sums = data.series.groups.map((group) => `${group.shown} ${this.said(group[this.what].reduce((a, b) => a + b, 0))}`);
    const name = this.what === "requests" ? "Requests" : "Cost";
    return `${name} over time, ${stretch(data.since_ms, data.until_ms)}: ${sums.join(", ") || "nothing"}`;
  }

  protected tableOf(data: Overview): Table {
    const { times_ms, groups } = data.series;
    return {
      head: ["time", ...groups.map((group) => group.shown)],
      rows: times_ms.map((ms, i) => ({
        cells: [stretch(ms, ms + data.step_ms), ...groups.map((group) => this.said(group[this.what][i]!))],
        press: () => this.open(data, ms, null),
      })),
    };
  }

  protected pointed(data: Overview, index: number): { title: string; lines: [string | null, string, string][] } {
    const ms = steps(data)[index]!;
    const i = data.series.times_ms.indexOf(ms);
    const title = stretch(ms, ms + data.step_ms);
    if (i < 0) return { title, lines: [[null, "nothing", ""]] };
    const colours = this.colours();
    const lines = data.series.groups
      .map((group): [string, string, number] => [colours.series[this.palette.place(group.name)]!, group.shown, group[this.what][i]!])
      .filter(([, , value]) => value > 0)
      .reverse()
      .slice(0, MOST_LINES);
    return { title, lines: lines.map(([colour, name, value]) => [colour, name, this.said(value)]) };
  }

  protected pressed(data: Overview, index: number, value: number): void {
    const ms = steps(data)[index]!;
    const i = data.series.times_ms.indexOf(ms);
    if (i < 0) return;
    let sum = 0;
    const hit = data.series.groups.find((group: Group) => value <= (sum += group[this.what][i]!));
    this.open(data, ms, hit?.name ?? null);
  }

  private said(value: number): string {
    return this.what === "requests" ? whole(value) : `${usd(value)} USD`;
  }

  private top(high: number): number {
    return this.what === "requests" ? Math.max(1, high * 1.06) : Math.max(1e-9, high * 1.06);
  }

  /** Whether bars have room for a line between their parts. */
  private wide(count: number): boolean {
    return this.element.clientWidth / Math.max(1, count) > NARROW_PX;
  }
}

const PERCENTILES = [
  ["p50_ms", "p50", "--loopai-s1", []],
  ["p95_ms", "p95", "--loopai-s2", [6, 3]],
  ["p99_ms", "p99", "--loopai-s4", [2, 3]],
] as const;
const PLACES = [0, 1, 3];
const FEW = 40;

/** Percentiles of the latency over time. */
export class Percentiles extends OverTime {
  constructor(state: State) {
    super("Latency over time", "percentiles", state);
    this.legend.append(...PERCENTILES.map(([, name]) => h("li", {}, h("i", { class: `line ${name}`, "aria-hidden": "true" }), name)));
  }

  protected plotted(data: Overview, colours: Colours): Plotted {
    const all = steps(data);
    const { times_ms } = data.latency;
    const lines = PERCENTILES.map(([key]) => spreadOut<number | null>(all, times_ms, data.latency[key], null).map(log10));
    const half = data.step_ms / 2;
    const known = PERCENTILES.flatMap(([key]) => data.latency[key]).flatMap((ms) => log10(ms) ?? []);
    const low = Math.min(...known) - 0.08;
    const high = Math.max(...known, low + 0.3) + 0.05;
    return {
      shape: JSON.stringify([data.step_ms, times_ms.length < FEW, low, high]),
      data: [all.map((ms) => (ms + half) / 1000), ...lines],
      options: {
        padding: [8, 8, 0, 0],
        scales: { x: { time: true, range: () => ends(this.data ?? data) }, y: { range: () => [low, high] } },
        axes: axes(colours, timeAxis(data.step_ms), {
          splits: (plot) => roundTimes(low, high, plot.height / 28),
          values: (_plot, at) => at.map((log) => mark(10 ** log)),
        }),
        series: [
          {},
          ...PERCENTILES.map(([, label, , dash], i): uPlot.Series => {
            const stroke = colours.series[PLACES[i]!]!;
            return { label, stroke, width: 1.75, dash: [...dash], spanGaps: false, points: { show: times_ms.length < FEW, size: 4, fill: stroke, stroke } };
          }),
        ],
      },
    };
  }

  protected override noteOf(): string {
    return this.data !== null && this.data.latency.times_ms.length > 0 ? "logarithmic" : "";
  }

  protected nothingOf(data: Overview): string {
    return data.latency.times_ms.length === 0 ? "No answer came in this time." : "";
  }

  protected inWords(data: Overview): string {
    const { p50_ms, p95_ms, p99_ms } = data.spread;
    if (p50_ms === null || p95_ms === null || p99_ms === null) return "Latency over time: no answer";
    return `Latency over time, ${stretch(data.since_ms, data.until_ms)}: in all p50 ${latency(p50_ms)}, p95 ${latency(p95_ms)}, p99 ${latency(p99_ms)}`;
  }

  protected tableOf(data: Overview): Table {
    return {
      head: ["time", ...PERCENTILES.map(([, name]) => name)],
      rows: data.latency.times_ms.map((ms, i) => ({
        cells: [stretch(ms, ms + data.step_ms), ...PERCENTILES.map(([key]) => said(data.latency[key][i]))],
        press: () => this.open(data, ms, null),
      })),
    };
  }

  protected pointed(data: Overview, index: number): { title: string; lines: [string | null, string, string][] } {
    const all = steps(data);
    const ms = all[index];
    if (ms === undefined) return { title: "", lines: [] };
    const i = data.latency.times_ms.indexOf(ms);
    const title = stretch(ms, ms + data.step_ms);
    if (i < 0) return { title, lines: [[null, "no answer", ""]] };
    const colours = this.colours();
    return { title, lines: PERCENTILES.map(([key, name], n) => [colours.series[PLACES[n]!]!, name, said(data.latency[key][i])]) };
  }

  protected pressed(data: Overview, index: number): void {
    const ms = steps(data)[index];
    if (ms !== undefined && data.latency.times_ms.includes(ms)) {
      this.state.showRequests({ order: "latency", descending: true }, { last: null, since_ms: ms, until_ms: ms + data.step_ms });
    }
  }
}

/** A round latency below or beside an axis. */
function mark(ms: number): string {
  return ms < 1000 ? latency(ms) : `${Number((ms / 1000).toPrecision(3))} s`;
}

function log10(ms: number | null): number | null {
  return ms === null ? null : Math.log10(Math.max(0.01, ms));
}

function said(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : latency(ms);
}

/** How latencies are distributed, on a logarithmic axis, with the percentiles as lines. */
export class Distribution extends Figure<Overview> {
  protected override readonly drags = false;

  constructor(private readonly state: State) {
    super("How long answers take", "distribution");
  }

  protected plotted(data: Overview, colours: Colours): Plotted {
    const { from_ms, to_ms, count } = data.spread;
    const first = Math.log10(Math.max(0.01, from_ms[0] ?? 1));
    const last = Math.log10(to_ms.at(-1) ?? 10);
    const width = (last - first) / Math.max(1, count.length);
    const path = bars({ size: [0.92, 60], align: 1, radius: 0 });
    return {
      shape: JSON.stringify([count.length, first, last]),
      data: [count.map((_, i) => first + i * width), count],
      options: {
        padding: [18, 12, 0, 0],
        scales: { x: { time: false, range: () => [first, last] }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.06)] } },
        axes: axes(
          colours,
          { space: 48, splits: (plot) => roundTimes(first, last, plot.width / 64), values: (_plot, at) => at.map((log) => mark(10 ** log)) },
          { values: (_plot, at) => at.map(short) },
        ),
        series: [{}, { fill: colours.series[0]!, width: 0, paths: path, points: { show: false } }],
        hooks: { draw: [(plot) => this.mark(plot)] },
      },
    };
  }

  protected nothingOf(data: Overview): string {
    return data.spread.count.length === 0 ? "No answer came in this time." : "";
  }

  protected noteOf(data: Overview): string {
    return data.spread.count.length === 0 ? "" : "logarithmic";
  }

  protected inWords(data: Overview): string {
    const { p50_ms, p95_ms, p99_ms } = data.spread;
    if (p50_ms === null || p95_ms === null || p99_ms === null) return "Distribution of latencies: no answer";
    return `Distribution of latencies: half of the answers within ${latency(p50_ms)}, 95% within ${latency(p95_ms)}, 99% within ${latency(p99_ms)}`;
  }

  protected tableOf(data: Overview): Table {
    const { from_ms, to_ms, count } = data.spread;
    const rows = count.map((n, i) => ({
      cells: [`${latency(from_ms[i]!)} – ${latency(to_ms[i]!)}`, whole(n)],
      press: () => this.pressed(data, i),
    }));
    return { head: ["latency", "answers"], rows: rows.filter((_, i) => count[i]! > 0) };
  }

  protected pointed(data: Overview, index: number): { title: string; lines: [string | null, string, string][] } {
    const { from_ms, to_ms, count } = data.spread;
    if (index >= count.length) return { title: "", lines: [] };
    return { title: `${latency(from_ms[index]!)} – ${latency(to_ms[index]!)}`, lines: [[null, "answers", whole(count[index]!)]] };
  }

  protected pressed(data: Overview, index: number): void {
    const { from_ms, to_ms, count } = data.spread;
    if ((count[index] ?? 0) === 0) return;
    this.state.showRequests({ min_latency_ms: from_ms[index]!, max_latency_ms: to_ms[index]!, order: "latency", descending: true });
  }

  protected dragged(): void {}

  protected twice(): void {}

  /** Lines at the percentiles. */
  private mark(plot: uPlot): void {
    if (this.data === null) return;
    const colours = this.colours();
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    let free = -Infinity;
    ctx.save();
    ctx.font = `${FONT_PX * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = "bottom";
    PERCENTILES.forEach(([key, name, , dash], i) => {
      const ms = this.data!.spread[key];
      if (ms === null) return;
      const x = plot.valToPos(Math.log10(ms), "x", true);
      ctx.strokeStyle = colours.ink;
      ctx.lineWidth = ratio;
      ctx.setLineDash(dash.map((length) => length * ratio));
      ctx.beginPath();
      ctx.moveTo(x, plot.bbox.top - 2 * ratio);
      ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
      ctx.stroke();
      ctx.fillStyle = colours.ink;
      const text = `${name} ${latency(ms)}`;
      const wide = ctx.measureText(text).width;
      const left = Math.min(Math.max(x - wide / 2, plot.bbox.left), plot.bbox.left + plot.bbox.width - wide);
      if (left > free || i === 0) {
        ctx.fillText(text, left, plot.bbox.top - 3 * ratio);
        free = left + wide + 6 * ratio;
      }
    });
    ctx.restore();
  }
}

/** 1, 2 and 5 times a power of ten, or fewer where there is no room. */
function roundTimes(first: number, last: number, most: number): number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const found = [];
    for (let power = Math.floor(first); power <= last; power += 1) {
      for (const step of steps) {
        const at = power + Math.log10(step);
        if (at >= first - 1e-9 && at <= last + 1e-9) found.push(at);
      }
    }
    if ((found.length <= most && found.length > 0) || steps.length === 1) return found;
  }
  return [];
}
