// What is known of the rows of a list: what was said of each, what is supposed until it is saved, and the rows
// themselves as far as they were fetched, ahead of where the person is.

import type { Letter, Row } from "./types";

export interface Source {
  /** Rows by their places; fewer where they are large. */
  rows(indices: number[], hit: string): Promise<Row[]>;
  /** A row is there. */
  came(index: number): void;
}

const AHEAD = 40;
const FEW = 20;
const NEAR = 3;
const MOST_KEPT = 1_000;

export class Sheet {
  private letters: Letter[];
  private readonly supposed = new Map<number, { letter: Letter; request: string | null }>();
  private readonly kept = new Map<number, Row>();
  private readonly asked = new Set<number>();
  private readonly stale = new Set<number>();
  private epoch = 0;
  hit = "";

  constructor(
    letters: string,
    private readonly source: Source,
  ) {
    this.letters = [...letters] as Letter[];
  }

  /** Another list. */
  reset(letters: string): void {
    this.supposed.clear();
    this.replace(letters);
  }

  /** The same list, of which much was changed. */
  replace(letters: string): void {
    this.letters = [...letters] as Letter[];
    this.forget();
  }

  /** Mark this text from now on. */
  look(hit: string): void {
    if (hit === this.hit) return;
    this.hit = hit;
    this.forget();
  }

  row(index: number): Row | undefined {
    return this.kept.get(index);
  }

  letter(index: number): Letter {
    return this.supposed.get(index)?.letter ?? this.letters[index] ?? "-";
  }

  /** What a decision will have changed once it is saved; `request`: also of the rows that share it. */
  suppose(index: number, letter: Letter, request: string | null): void {
    this.supposed.set(index, { letter, request });
  }

  /** As it will be when the last decision about it is taken back: open, as far as is known here. */
  takeBack(index: number): void {
    this.supposed.set(index, { letter: "p", request: null });
  }

  confirm(index: number, more: boolean): void {
    if (!more) this.supposed.delete(index);
    this.renew(index);
  }

  forgetSupposed(): void {
    this.supposed.clear();
  }

  change(index: number, letter: Letter): void {
    this.letters[index] = letter;
    this.renew(index);
  }

  /** The next row behind a place that nobody decided about, once round; null where there is none. */
  nextOpen(from: number): number | null {
    const n = this.letters.length;
    const decided = new Set([...this.supposed.values()].filter(({ letter }) => letter !== "p").map(({ request }) => request));
    for (let step = 1; step <= n; step += 1) {
      const index = (from + step) % n;
      if (this.letter(index) !== "p") continue;
      const request = this.kept.get(index)?.request ?? null;
      if (request === null || !decided.has(request)) return index;
    }
    return null;
  }

  /** Fetch the row at a place, its neighbours, and those that come next, where few of them are there. */
  getAhead(at: number): void {
    const near: number[] = [at];
    for (let by = 1; by <= NEAR; by += 1) near.push(at + by, at - by);
    const open = this.openAfter(at);
    const missing = [...near, ...open].filter((index) => this.isMissing(index));
    const urgent = [...near, ...open.slice(0, FEW)].some((index) => this.isMissing(index));
    if (!urgent) return;
    if (this.kept.size > MOST_KEPT) {
      const wanted = new Set([...near, ...open]);
      for (const index of this.kept.keys()) if (!wanted.has(index)) this.kept.delete(index);
    }
    this.get([...new Set(missing)]);
  }

  private openAfter(at: number): number[] {
    const found: number[] = [];
    for (let index = at + 1; index < this.letters.length && found.length < AHEAD; index += 1) {
      if (this.letter(index) === "p") found.push(index);
    }
    return found;
  }

  private isMissing(index: number): boolean {
    const has = this.kept.has(index) && !this.stale.has(index);
    return index >= 0 && index < this.letters.length && !has && !this.asked.has(index);
  }

  private get(indices: number[]): void {
    if (indices.length === 0) return;
    for (const index of indices) {
      this.asked.add(index);
      this.stale.delete(index);
    }
    const epoch = this.epoch;
    const done = (rows: Row[]): void => {
      if (epoch !== this.epoch) return; // of a list that is shown no more
      for (const index of indices) this.asked.delete(index);
      for (const row of rows) this.kept.set(row.index, row);
      for (const row of rows) this.source.came(row.index);
      // What had no room in the message; if nothing came, nothing more is asked for.
      if (rows.length > 0) this.get(indices.slice(rows.length).filter((index) => this.isMissing(index)));
    };
    this.source.rows(indices, this.hit).then(done, () => done([]));
  }

  /** What is there of a row is old: it is shown until the new comes, which is fetched when it is near. */
  private renew(index: number): void {
    if (this.kept.has(index) || this.asked.has(index)) this.stale.add(index);
  }

  private forget(): void {
    this.epoch += 1;
    this.kept.clear();
    this.asked.clear();
    this.stale.clear();
  }
}
