// A list of a million rows of which only those in sight are in the page, and the kernel sends no more.

import { h } from "./dom";

/** First and last row to draw, half-open, with a few more above and below. */
export function inSight(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  more = 8,
): [first: number, end: number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - more);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + more);
  return [Math.min(first, count), Math.max(end, Math.min(first, count))];
}

export interface Source<R> {
  /** Rows from `first` on, at most so many; they may come late and out of order. */
  window(first: number, count: number): Promise<R[]>;
  /** Fill an empty element with a row. */
  draw(row: R, element: HTMLElement, selected: boolean): void;
  /** Somebody chose a row by mouse. */
  choose(index: number): void;
}

const TALLEST_PX = 8_000_000; // browsers lose count above some 16 million

/** A listbox; its rows are told to screen readers by number. */
export class Rows<R> {
  readonly element: HTMLElement;
  private readonly canvas: HTMLElement;
  private readonly kept = new Map<number, R>();
  private readonly asked = new Set<number>();
  private count = 0;
  private selected = 0;
  private epoch = 0;
  private frame = 0;

  constructor(
    label: string,
    private readonly rowHeight: number,
    private readonly source: Source<R>,
    private readonly page = 64,
  ) {
    this.canvas = h("div", { class: "loopai-rows-canvas" });
    this.element = h("div", { class: "loopai-rows", role: "listbox", "aria-label": label, tabindex: 0 }, this.canvas);
    this.element.addEventListener("scroll", () => this.soon());
    this.element.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
      if (row !== null) this.source.choose(Number(row.dataset["index"]));
    });
    new ResizeObserver(() => this.soon()).observe(this.element);
    // A theme that is changed hides everything for a moment, and no size is told to have changed afterwards.
    new IntersectionObserver(() => this.soon()).observe(this.element);
  }

  /** Show another table; what was fetched is forgotten. */
  reset(count: number): void {
    this.epoch += 1;
    this.count = count;
    this.kept.clear();
    this.asked.clear();
    this.canvas.style.height = `${Math.min(count * this.rowHeight, TALLEST_PX)}px`;
    this.soon();
  }

  /** Fetch again what is in sight. */
  refresh(): void {
    this.epoch += 1;
    this.kept.clear();
    this.asked.clear();
    this.soon();
  }

  /** Fetch a row again, and draw what is in sight; until it comes it is shown as it was. */
  renew(index: number): void {
    this.asked.delete(Math.floor(index / this.page));
    this.soon();
  }

  select(index: number): void {
    this.selected = index;
    const scale = this.scale();
    const view = this.element;
    const [top, shown] = [index * this.rowHeight, view.scrollTop / scale];
    if (top < shown) view.scrollTop = top * scale;
    else if (top + this.rowHeight > shown + view.clientHeight) {
      view.scrollTop = (top + this.rowHeight - view.clientHeight) * scale;
    }
    this.soon();
  }

  /** Below 1 where the whole table is taller than a page may be: then a pixel of the bar is several of rows. */
  private scale(): number {
    return Math.min(1, TALLEST_PX / Math.max(1, this.count * this.rowHeight));
  }

  private soon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    const scale = this.scale();
    const top = this.element.scrollTop;
    if (this.element.clientHeight === 0) return; // hidden: what is drawn stays
    const [first, end] = inSight(top / scale, this.element.clientHeight, this.rowHeight, this.count);
    this.want(first, end);
    const drawn: HTMLElement[] = [];
    for (let index = first; index < end; index += 1) {
      const row = this.kept.get(index);
      const chosen = index === this.selected;
      const element = h("div", {
        class: "loopai-row",
        role: "option",
        id: `${this.id}-${index}`,
        "aria-posinset": index + 1,
        "aria-setsize": this.count,
        "aria-selected": chosen ? "true" : "false",
        "data-index": index,
      });
      element.style.top = `${top + index * this.rowHeight - top / scale}px`;
      element.style.height = `${this.rowHeight}px`;
      if (row !== undefined) this.source.draw(row, element, chosen);
      drawn.push(element);
    }
    this.canvas.replaceChildren(...drawn);
    this.element.setAttribute("aria-activedescendant", `${this.id}-${this.selected}`);
  }

  private readonly id = `loopai-${Math.random().toString(36).slice(2, 10)}`;

  private want(first: number, end: number): void {
    for (let page = Math.floor(first / this.page); page * this.page < end; page += 1) {
      if (this.asked.has(page)) continue;
      this.asked.add(page);
      const epoch = this.epoch;
      const start = page * this.page;
      this.source.window(start, Math.min(this.page, this.count - start)).then(
        (rows) => {
          if (epoch !== this.epoch) return; // of a table that is shown no more
          rows.forEach((row, at) => this.kept.set(start + at, row));
          this.soon();
        },
        () => this.asked.delete(page),
      );
    }
  }
}
