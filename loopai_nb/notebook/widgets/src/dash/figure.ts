// A chart with its title, its legend, what is below the pointer, and the same as a table.

import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { button, h } from "../lib/dom";

/** A theme says its name first, and its colours come some time later. */
const THEME_COMES_MS = 400;
/** A second click within it makes a double-click, which leads back and not to requests. */
const DOUBLE_MS = 260;
const LEAST_DRAG_PX = 4;

export interface Table {
  head: string[];
  rows: { cells: string[]; press?: () => void }[];
}

export interface Colours {
  ink: string;
  rule: string;
  paper: string;
  /** Of the groups in order, the last one of all others. */
  series: string[];
  accent: string;
}

export interface Plotted {
  options: Omit<uPlot.Options, "width" | "height">;
  data: uPlot.AlignedData;
  /** While it stays the same the plot is kept and gets new data. */
  shape: string;
}

const SERIES = ["--loopai-s1", "--loopai-s2", "--loopai-s3", "--loopai-s4", "--loopai-s5", "--loopai-s6"];

export abstract class Figure<D> {
  readonly element: HTMLElement;
  protected readonly legend = h("ul", { class: "legend" });
  protected data: D | null = null;
  private readonly canvas = h("div", { class: "canvas", role: "img" });
  private readonly tip = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  private readonly nothing = h("p", { class: "nothing loopai-quiet", hidden: true });
  private readonly table = h("div", { class: "numbers", hidden: true });
  private readonly tableButton: HTMLButtonElement;
  private readonly note = h("span", { class: "note loopai-quiet" });
  private readonly sizes = new ResizeObserver(() => this.resize());
  private readonly themes = new MutationObserver(() => window.setTimeout(() => this.recolour(), THEME_COMES_MS));
  private plot: uPlot | null = null;
  private drawn = "";
  private clicked = 0;
  private held = false;
  private late = false;

  constructor(title: string, kind: string) {
    this.tableButton = button("Table", () => this.turn(), { class: "loopai-plain" });
    this.tableButton.setAttribute("aria-pressed", "false");
    this.tableButton.setAttribute("aria-label", `${title} as a table`);
    this.element = h(
      "figure",
      { class: `figure ${kind}` },
      h("figcaption", {}, h("h4", {}, title), this.note, this.tableButton),
      this.legend,
      h("div", { class: "stage" }, this.canvas, this.tip, this.nothing),
      this.table,
    );
    this.sizes.observe(this.canvas);
    // A canvas does not change its colours by itself when the theme does.
    this.themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  }

  show(data: D): void {
    this.data = data;
    if (this.held) {
      this.late = true; // somebody drags: the chart must not move below the pointer
      return;
    }
    const nothing = this.nothingOf(data);
    this.nothing.textContent = nothing;
    this.nothing.hidden = nothing === "";
    this.canvas.classList.toggle("bare", nothing !== "");
    this.canvas.setAttribute("aria-label", this.inWords(data));
    this.note.textContent = this.noteOf(data);
    this.draw();
    this.fillTable();
  }

  close(): void {
    this.sizes.disconnect();
    this.themes.disconnect();
    window.clearTimeout(this.clicked);
    this.plot?.destroy();
    this.plot = null;
  }

  protected abstract plotted(data: D, colours: Colours): Plotted;
  protected abstract inWords(data: D): string;
  protected abstract tableOf(data: D): Table;
  /** Why there is nothing to draw; "" where there is. */
  protected abstract nothingOf(data: D): string;
  /** What stands beside the title. */
  protected abstract noteOf(data: D): string;
  /** Lines of what is below the pointer: a colour and a text each. */
  protected abstract pointed(data: D, index: number): { title: string; lines: [colour: string | null, name: string, value: string][] };
  /** A click; `value` is where it was on the y axis. */
  protected abstract pressed(data: D, index: number, value: number): void;
  /** Whether a stretch of the x axis can be chosen by dragging. */
  protected abstract dragged(data: D, from: number, to: number): void;
  protected abstract twice(): void;
  protected readonly drags: boolean = true;

  protected colours(): Colours {
    const probe = h("span", { hidden: true });
    this.canvas.append(probe);
    // A canvas knows no variables, and no light-dark() on every browser: an element resolves them.
    const colour = (name: string): string => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    const found = {
      ink: colour("--loopai-quiet"),
      rule: colour("--loopai-line"),
      paper: colour("--loopai-paper"),
      accent: colour("--loopai-accent"),
      series: SERIES.map(colour),
    };
    probe.remove();
    return found;
  }

  private get height(): number {
    return this.canvas.clientHeight;
  }

  private draw(): void {
    const width = this.canvas.clientWidth;
    if (this.data === null || width === 0) return;
    const colours = this.colours();
    const { options, data, shape } = this.plotted(this.data, colours);
    const drawn = JSON.stringify([shape, colours]);
    if (this.plot !== null && drawn === this.drawn) {
      this.plot.setData(data);
      if (this.plot.width !== width || this.plot.height !== this.height) this.plot.setSize({ width, height: this.height });
      return;
    }
    this.plot?.destroy();
    this.drawn = drawn;
    const hooks = options.hooks ?? {};
    this.plot = new uPlot(
      {
        ...options,
        width,
        height: this.height,
        legend: { show: false },
        cursor: {
          x: true,
          y: false,
          points: { show: false },
          drag: { x: this.drags, y: false, setScale: false, dist: LEAST_DRAG_PX },
          bind: { dblclick: () => () => this.double() },
        },
        hooks: { ...hooks, setCursor: [(plot) => this.point(plot)], setSelect: [(plot) => this.select(plot)], ready: [(plot) => this.listen(plot)] },
      },
      data,
      this.canvas,
    );
  }

  private listen(plot: uPlot): null {
    plot.over.addEventListener("mousedown", () => {
      this.held = true;
      const release = (): void => {
        this.held = false;
        if (this.late && this.data !== null) {
          this.late = false;
          this.show(this.data);
        }
      };
      document.addEventListener("mouseup", () => window.setTimeout(release), { once: true });
    });
    plot.over.addEventListener("click", (event) => {
      window.clearTimeout(this.clicked);
      const [left, top] = [plot.cursor.left ?? -1, plot.cursor.top ?? -1];
      if (event.detail > 1 || left < 0) return;
      const [index, value] = [this.indexAt(plot, left), plot.posToVal(top, "y")];
      this.clicked = window.setTimeout(() => {
        if (this.data !== null && index !== null) this.pressed(this.data, index, value);
      }, DOUBLE_MS);
    });
    plot.over.addEventListener("mouseleave", () => {
      this.tip.hidden = true;
    });
    return null;
  }

  /** The step that the pointer is in, and not the one whose beginning is nearest. */
  private indexAt(plot: uPlot, left: number): number | null {
    const at = plot.posToVal(left, "x");
    const xs = plot.data[0];
    const index = xs.findLastIndex((x) => x <= at);
    return index < 0 ? null : index;
  }

  private double(): null {
    window.clearTimeout(this.clicked);
    this.twice();
    return null;
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_DRAG_PX || this.data === null) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.held = false;
    this.tip.hidden = true;
    this.dragged(this.data, from, to);
  }

  private point(plot: uPlot): void {
    const left = plot.cursor.left ?? -1;
    const index = left < 0 ? null : this.indexAt(plot, left);
    if (index === null || this.data === null) {
      this.tip.hidden = true;
      return;
    }
    const { title, lines } = this.pointed(this.data, index);
    this.tip.hidden = title === "";
    this.tip.replaceChildren(
      h("b", {}, title),
      ...lines.map(([colour, name, value]) => {
        const mark = h("i", { "aria-hidden": "true" });
        mark.style.background = colour ?? "transparent";
        return h("div", {}, mark, h("span", {}, name), h("span", { class: "value" }, value));
      }),
    );
    const room = this.canvas.clientWidth;
    const right = left + plot.over.offsetLeft > room / 2;
    this.tip.style.insetInlineStart = right ? "auto" : `${left + plot.over.offsetLeft + 14}px`;
    this.tip.style.insetInlineEnd = right ? `${room - left - plot.over.offsetLeft + 14}px` : "auto";
  }

  private resize(): void {
    const width = this.canvas.clientWidth;
    if (width === 0 || (this.plot?.width === width && this.plot.height === this.height)) return;
    this.draw();
  }

  private recolour(): void {
    if (this.plot !== null) this.draw();
    if (this.data !== null) this.show(this.data);
  }

  private turn(): void {
    const asTable = this.table.hidden;
    this.table.hidden = !asTable;
    this.canvas.parentElement!.hidden = asTable;
    this.tableButton.setAttribute("aria-pressed", String(asTable));
    this.fillTable();
  }

  private fillTable(): void {
    if (this.table.hidden || this.data === null) return;
    const { head, rows } = this.tableOf(this.data);
    const body = rows.map(({ cells, press }) => {
      const [first = "", ...others] = cells;
      const label = press === undefined ? first : button(first, press, { class: "loopai-link" });
      return h("tr", {}, h("th", { scope: "row" }, label), ...others.map((cell) => h("td", {}, cell)));
    });
    this.table.replaceChildren(
      h("table", {}, h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...body)),
    );
  }
}
