// What the kernel says of a ledger (notebook/dashboard_desk.py).

import type { Filter, Scope } from "./state";

export interface Tile {
  name: string;
  value: string;
  note: string;
  /** Against the period before, such as +12%; "" where there is nothing to compare. */
  change: string;
  /** Whether that is good; null: neither. */
  good: boolean | null;
  /** The change in words. */
  said: string;
}

export interface Group {
  /** As the filters have it; null: all others together. */
  name: string | null;
  shown: string;
  requests: number[];
  cost_usd: number[];
}

/** Steps without a request are left out; the lists are of equal length. */
export interface Series {
  times_ms: number[];
  groups: Group[];
}

export interface Latency {
  times_ms: number[];
  p50_ms: (number | null)[];
  p95_ms: (number | null)[];
  p99_ms: (number | null)[];
}

/** How latencies are distributed: stretches of equal length on a logarithmic axis. */
export interface Spread {
  from_ms: number[];
  to_ms: number[];
  count: number[];
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

/** One of a table: a run, a model, a template, or a kind of error. */
export interface Line {
  name: string | null;
  shown: string;
  note: string;
  /** In the order of the table's columns. */
  cells: string[];
  /** Of the longest bar, 0 to 1. */
  share: number;
}

/** One request, among the slowest or the dearest. */
export interface Asked {
  run_id: string;
  request_no: number;
  shown: string;
  note: string;
  value: string;
  share: number;
}

export interface Choice {
  name: string;
  shown: string;
}

export interface Overview {
  since_ms: number;
  until_ms: number;
  step_ms: number;
  /** Nothing was asked in this time: a sentence; "" where something was. */
  empty: string;
  /** The ledger has nothing at all: what to type; else "". */
  example: string;
  tiles: Tile[];
  series: Series;
  latency: Latency;
  spread: Spread;
  errors: Line[];
  models: Line[];
  templates: Line[];
  runs: Line[];
  choices: Record<Filter, Choice[]>;
  /** What the kernel had seen of the ledger before it made this. */
  marks: unknown;
}

/** Asked for after the overview: they take longer to find. */
export interface Tops {
  slowest: Asked[];
  dearest: Asked[];
}

export interface Opened {
  scope: Scope;
  /** Where the ledger is. */
  ledger: string;
  overview: Overview;
}

/** Told by the kernel of itself while the ledger changes. */
export interface Moved {
  view: string;
  overview: Overview | null;
}
