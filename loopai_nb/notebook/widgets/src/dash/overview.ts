// How things stand: figures, charts, and what runs, models, templates and errors came to.

import { h } from "../lib/dom";
import { type Kernel, Refused } from "../lib/kernel";
import { Distribution, Palette, Percentiles, Stack } from "./charts";
import type { Pane, Scope, State } from "./state";
import { Bars, type Entry } from "./tables";
import type { Asked, Line, Overview, Tile, Tops } from "./wire";

const TOO_MANY = "They are looked for among up to 300,000 requests: choose a shorter time, or a run.";
const TOPS_EVERY_MS = 3_000;

export class OverviewPane implements Pane {
  readonly ready = true;
  readonly element = h("div", { class: "overview" });
  /** Told of everything that is shown; the filters offer what there is. */
  shows: (overview: Overview) => void = () => undefined;
  private readonly tiles = h("dl", { class: "tiles" });
  private readonly empty = h("div", { class: "empty", hidden: true });
  private readonly said = h("p", { class: "said loopai-bad", role: "alert" });
  private readonly palette = new Palette();
  private readonly charts: (Stack | Percentiles | Distribution)[];
  private readonly errors = new Bars("Errors", ["what went wrong", "failed", "tried again"], "No errors in this time.", "bad");
  private readonly models = new Bars("Models", ["model", "requests", "cost, USD", "p95"], "Nothing in this time.");
  private readonly templates = new Bars("Templates", ["template", "requests", "cost, USD", "p95"], "Nothing in this time.");
  private readonly runs = new Bars("Runs", ["run", "requests", "cost, USD", "p95"], "Nothing in this time.");
  private readonly slowest = new Bars("Slowest requests", ["prompt", "latency"], TOO_MANY, "single");
  private readonly dearest = new Bars("Dearest requests", ["prompt", "cost, USD"], TOO_MANY, "single");
  private asked = 0;
  private topped = "";
  private toppedScope: Scope | null = null;
  private shown: Overview | null = null;
  private waiting = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly state: State,
  ) {
    this.charts = [
      new Stack("Requests", state, this.palette, "requests"),
      new Stack("Cost, USD", state, this.palette, "cost_usd"),
      new Percentiles(state),
      new Distribution(state),
    ];
    const tables = [this.models, this.templates, this.runs, this.errors, this.slowest, this.dearest];
    this.element.append(
      this.said,
      this.empty,
      this.tiles,
      h("div", { class: "charts" }, ...this.charts.map((chart) => chart.element)),
      h("div", { class: "tables" }, ...tables.map((table) => table.element)),
    );
  }

  update(scope: Scope): void {
    void this.look(scope);
  }

  show(overview: Overview): void {
    this.asked += 1; // what was asked before is older
    this.said.textContent = "";
    this.element.removeAttribute("aria-busy");
    this.shows(overview);
    this.empty.replaceChildren(overview.empty, overview.example === "" ? "" : h("pre", {}, overview.example));
    this.empty.hidden = overview.empty === "";
    this.element.classList.toggle("bare", overview.empty !== "");
    this.fillTiles(overview.tiles);
    if (overview.empty !== "") return;
    for (const chart of this.charts) chart.show(overview);
    const drawn = new Set(overview.series.groups.map(({ name }) => name));
    this.models.show(
      overview.models.map((line) => ({
        ...this.entry(line, line.name === null ? null : { model: line.name }),
        colour: `var(--loopai-s${this.palette.place(drawn.has(line.name) ? line.name : null) + 1})`,
      })),
    );
    this.templates.show(overview.templates.map((line) => this.entry(line, line.name === null ? null : { template: line.name })));
    this.runs.show(overview.runs.map((line) => this.entry(line, line.name === null ? null : { run: line.name })));
    this.errors.show(
      overview.errors.map((line) => {
        const press = this.state.hasLog && line.name !== null ? () => this.state.showRequests({ error_kind: line.name! }) : null;
        return { ...line, key: line.name ?? "", press };
      }),
    );
    this.shown = overview;
    this.later(overview);
  }

  /** The slowest and the dearest requests take longer to find: after the rest, and not five times a second. */
  private later({ tiles }: Overview): void {
    const wanted = JSON.stringify([this.state.scope, tiles[0]?.value]);
    if (wanted === this.topped || this.waiting !== 0) return;
    const again = this.toppedScope === this.state.scope;
    this.waiting = window.setTimeout(() => void this.fetchTops(wanted), again ? TOPS_EVERY_MS : 0);
  }

  private async fetchTops(wanted: string): Promise<void> {
    const { scope } = this.state;
    this.topped = wanted;
    this.toppedScope = scope;
    try {
      const { slowest, dearest } = await this.kernel.ask<Tops>("tops", { scope });
      if (scope !== this.state.scope) return;
      this.slowest.show(slowest.map((asked) => this.one(asked)));
      this.dearest.show(dearest.map((asked) => this.one(asked)));
    } catch (error) {
      if (!(error instanceof Refused)) throw error; // the rest is shown all the same
    } finally {
      this.waiting = 0;
      if (scope !== this.state.scope && this.shown !== null) this.later(this.shown);
    }
  }

  close(): void {
    window.clearTimeout(this.waiting);
    for (const chart of this.charts) chart.close();
  }

  private async look(scope: Scope): Promise<void> {
    this.asked += 1;
    const asked = this.asked;
    this.element.setAttribute("aria-busy", "true");
    try {
      const overview = await this.kernel.ask<Overview>("overview", { scope });
      if (asked === this.asked) this.show(overview);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (asked !== this.asked) return;
      this.element.removeAttribute("aria-busy");
      this.said.textContent = error.message;
    }
  }

  private entry(line: Line, part: Partial<Scope> | null): Entry {
    return { ...line, key: line.name ?? "", press: part === null ? null : () => this.state.showRequests({}, part) };
  }

  private one({ run_id, request_no, shown, note, value, share }: Asked): Entry {
    const press = this.state.hasLog ? () => this.state.showRequests({ request: { run_id, request_no } }) : null;
    return { key: `${run_id} ${request_no}`, shown, note, cells: [value], share, press };
  }

  /** In place, so that a screen reader's place is not lost five times a second. */
  private fillTiles(tiles: Tile[]): void {
    while (this.tiles.childElementCount < tiles.length) {
      const change = h("span", { class: "change" }, h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "loopai-hidden" }));
      this.tiles.append(h("div", {}, h("dt"), h("dd", {}, h("div", { class: "value" }), h("div", { class: "note" }, change, h("span", { class: "more" })))));
    }
    tiles.forEach((tile, i) => {
      const shown = this.tiles.children[i] as HTMLElement;
      put(shown.querySelector("dt")!, tile.name);
      shown.querySelector("dt")!.title = tile.name; // where there is no room for it
      put(shown.querySelector(".value")!, tile.value);
      put(shown.querySelector(".mark")!, tile.change);
      put(shown.querySelector(".loopai-hidden")!, tile.said);
      put(shown.querySelector(".more")!, tile.note);
      const change = shown.querySelector<HTMLElement>(".change")!;
      change.title = tile.said;
      change.dataset["good"] = String(tile.good ?? "");
    });
  }
}

function put(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
