// Times in the words that the kernel uses (notebook/wording.py).

/** 12 ms, 1.1 s. */
export function latency(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 0 s, 41 s, 2:58 min, 3:10 h. */
export function seconds(s: number): string {
  const whole = Math.round(s);
  const pad = (part: number): string => String(part).padStart(2, "0");
  if (whole < 60) return s < 10 && s % 1 > 0.05 && s % 1 < 0.95 ? `${s.toFixed(1)} s` : `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${pad(whole % 60)} min`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)} h`;
}

/** Two or three round numbers for an axis, from 0. */
export function axisSplits(low: number, high: number): number[] {
  const rough = (high - low) / 2.2;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].findLast((each) => each * power <= rough) ?? 1) * power;
  const splits = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) splits.push(at);
  return splits;
}
