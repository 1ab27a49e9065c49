// What the kernel says of a review (review_desk.py, review_sight.py).

import type { Segment } from "../lib/dom";

/** What was said of a row: pending, accepted, edited, rejected, skipped; "-" for a row without an answer. */
export type Letter = "p" | "a" | "e" | "r" | "s" | "-";

export const STATES: Record<Letter, string> = {
  p: "not decided",
  a: "accepted",
  e: "edited",
  r: "rejected",
  s: "skipped",
  "-": "no answer",
};

export const MARKS: Record<Letter, string> = { p: "", a: "✓", e: "✎", r: "✗", s: "→", "-": "–" };

export interface Progress {
  total: number;
  pending: number;
  accepted: number;
  edited: number;
  rejected: number;
  skipped: number;
}

export interface Field {
  name: string;
  kind: "text" | "choice" | "number" | "json";
  choices: string[];
}

export interface Listed {
  total: number;
  letters: string;
  at: number;
  progress: Progress;
  doubt: string;
}

export interface Opened extends Listed {
  run: string;
  frame: string;
  reviewer: string;
  assigned: boolean;
  columns: string[];
  names: string[];
  fields: Field[];
  has_schema: boolean;
  frequent: [answer: string, rows: number][];
  runs: string[];
  people: number;
  over: string[] | null;
}

export interface Line {
  index: number;
  label: string;
  answer: string;
  latency_ms: number | null;
  cells: string[];
}

export interface Row {
  index: number;
  position: number;
  label: string;
  status: string;
  cells: [name: string, text: Segment[]][];
  answer: Segment[] | null;
  text: string | null;
  fields: string[] | null;
  original: Segment[] | null;
  error: Segment[] | null;
  note: Segment[];
  reviewer: string | null;
  reviewed_ms: number | null;
  latency_ms: number | null;
  length: number;
  alike: number;
  request: string | null;
}

export interface Where {
  [name: string]: unknown;
}

export function count(n: number): string {
  return n.toLocaleString("en");
}

export function plural(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${count(n)} ${noun}s`;
}
