// What all panes of the dashboard share: of which time, run, server, model and template they tell.

import type { Kernel } from "../lib/kernel";

/** Periods that end now and move on with the clock. */
export const PRESETS = ["1h", "24h", "7d", "30d", "all"] as const;
export type Preset = (typeof PRESETS)[number];

/**
 * What is looked at. Sent along with every question to the kernel as `scope`, which makes a time of `last`
 * (notebook/dashboard_scope.py). Names are as `choices` of the kernel has them; null: all of them.
 */
export interface Scope {
  /** A period that ends now; null: from `since_ms` to `until_ms`, or to now where that is null. */
  last: Preset | null;
  /** Milliseconds since 1970 UTC, the first one included; null with `last`. */
  since_ms: number | null;
  /** As `since_ms`, not included. */
  until_ms: number | null;
  run: string | null;
  server: string | null;
  model: string | null;
  template: string | null;
}

export const FILTERS = ["run", "server", "model", "template"] as const;
export type Filter = (typeof FILTERS)[number];

/** Which requests of the scope the log is to show; what is left out is not asked for. */
export interface Wanted {
  search?: string;
  /** answered, failed, cached, retried or unknown. */
  status?: string;
  error_kind?: string;
  min_latency_ms?: number;
  max_latency_ms?: number;
  min_cost_pusd?: number;
  max_cost_pusd?: number;
  review?: string;
  order?: "at" | "latency" | "cost" | "tokens";
  descending?: boolean;
  /** Open this one. */
  request?: { run_id: string; request_no: number };
}

/** One tab. */
export interface Pane {
  readonly element: HTMLElement;
  /** Its tab is shown only then. */
  readonly ready: boolean;
  /** It came into sight, or the scope has changed while it is in sight. */
  update(scope: Scope): void;
  /** The ledger has something new: five times a second at most, and only while the pane is in sight. */
  moved?(): void;
  /** Show these; `update` follows. Called with {} where the scope alone says which. */
  want?(wanted: Wanted): void;
  /** The widget was taken out of the page. */
  close(): void;
}

/** A pane's module exports this as `pane`. Questions to the kernel: `kernel.ask("log.window", { scope: state.scope, ... })`. */
export type MakePane = (kernel: Kernel, state: State) => Pane;

type Told = (scope: Scope) => void;
type Jump = (wanted: Wanted) => void;

const MOST_STEPS = 50;

export class State {
  private now: Scope;
  private readonly before: { scope: Scope; tab: string }[] = [];
  private readonly told = new Set<Told>();
  private jump: Jump | null = null;

  /** The name of the tab in sight; `open` changes it. */
  tab = "overview";

  constructor(scope: Scope) {
    this.now = Object.freeze({ ...scope });
  }

  get scope(): Scope {
    return this.now;
  }

  /** Whether `back` leads anywhere. */
  get canGoBack(): boolean {
    return this.before.length > 0;
  }

  /** Whether there is a log, which `showRequests` opens. */
  get hasLog(): boolean {
    return this.jump !== null;
  }

  /** Look at something else; everybody is told. The same as now: nothing happens. */
  change(part: Partial<Scope>): void {
    const next = { ...this.now, ...part };
    if ((Object.keys(next) as (keyof Scope)[]).every((name) => next[name] === this.now[name])) return;
    this.remember();
    this.set(next);
  }

  /** From one moment to another, in place of a period that ends now. */
  range(since_ms: number, until_ms: number): void {
    this.change({ last: null, since_ms: Math.floor(since_ms), until_ms: Math.ceil(until_ms) });
  }

  /** A period that ends now. */
  last(preset: Preset): void {
    this.change({ last: preset, since_ms: null, until_ms: null });
  }

  /** Bring another tab into sight. */
  open(tab: string): void {
    if (tab === this.tab) return;
    this.tab = tab;
    this.set(this.now);
  }

  /** What was looked at before, in the tab where that was. */
  back(): void {
    const before = this.before.pop();
    if (before === undefined) return;
    this.tab = before.tab;
    this.set(before.scope);
  }

  /** Open the log with these requests, after the scope was narrowed to where they are; `back` leads here again. */
  showRequests(wanted: Wanted, part: Partial<Scope> = {}): void {
    if (this.jump === null) {
      this.change(part);
      return;
    }
    this.remember();
    this.tab = "requests";
    this.jump(wanted);
    this.set({ ...this.now, ...part });
  }

  /** Be told of every change of the scope or the tab; what is returned ends that. */
  listen(told: Told): () => void {
    this.told.add(told);
    return () => this.told.delete(told);
  }

  /** The frame says how the log hears what it is to show. */
  jumpsBy(jump: Jump): void {
    this.jump = jump;
  }

  private remember(): void {
    this.before.push({ scope: this.now, tab: this.tab });
    if (this.before.length > MOST_STEPS) this.before.shift();
  }

  private set(scope: Scope): void {
    this.now = Object.freeze({ ...scope });
    for (const told of this.told) told(this.now);
  }
}
