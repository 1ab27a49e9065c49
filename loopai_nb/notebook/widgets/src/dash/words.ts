// Numbers, amounts and moments in the words that the kernel uses (notebook/wording.py).

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 214, 9,120, 12k, 1.2M: as short as an axis needs it. */
export function short(count: number): string {
  const size = Math.abs(count);
  if (size < 10_000) return whole(count);
  for (const [unit, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= unit) return `${trimmed(count / unit)}${letter}`;
  }
  return whole(count);
}

/** 9,120. */
export function whole(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** 12.40, 0.0123, 0. */
export function usd(amount: number): string {
  if (amount === 0) return "0";
  if (amount >= 1) return amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const places = Math.min(12, Math.max(2, 1 - Math.floor(Math.log10(amount))));
  const text = amount.toFixed(places).replace(/0+$/, "");
  return /\.\d\d/.test(text) ? text : amount.toFixed(2);
}

/** As short as an axis needs it: 0.5, 2, 12k. */
export function usdShort(amount: number): string {
  return amount >= 1000 ? short(amount) : trimmed(amount, 12);
}

/** A step of a chart: 22 Nov 14:05 – 14:10, or 22 Nov where steps are days (which are those of UTC). */
export function stretch(from_ms: number, to_ms: number): string {
  if (to_ms - from_ms >= DAY_MS) {
    const first = utcDay(from_ms);
    return to_ms - from_ms > DAY_MS ? `${first} – ${utcDay(to_ms - 1)}` : first;
  }
  const day = dayOf(new Date(from_ms));
  const until = new Date(to_ms);
  const end = dayOf(until) === day || clock(until) === "00:00" ? clock(until) : `${dayOf(until)} ${clock(until)}`;
  return `${day} ${clock(new Date(from_ms))} – ${end}`;
}

/** A range that was dragged, as a button says it. */
export function range(since_ms: number, until_ms: number | null): string {
  if (until_ms === null) return `since ${moment(since_ms)}`;
  return `${moment(since_ms)} – ${dayOf(new Date(since_ms)) === dayOf(new Date(until_ms)) ? clock(new Date(until_ms)) : moment(until_ms)}`;
}

/** 22 Nov 14:05. */
export function moment(ms: number): string {
  return `${dayOf(new Date(ms))} ${clock(new Date(ms))}`;
}

/** Labels below a time axis: the day where a new one begins, else the clock. */
export function axisTimes(at_s: number[], step_ms: number): string[] {
  let last = "";
  const clocks = at_s.every((s) => (s * 1000) % DAY_MS === 0) ? false : step_ms < DAY_MS;
  return at_s.map((s) => {
    const when = new Date(s * 1000);
    const day = clocks ? dayOf(when) : utcDay(s * 1000);
    const label = !clocks ? day : day === last ? clock(when) : clock(when) === "00:00" ? day : last === "" ? clock(when) : `${clock(when)}\n${day}`;
    last = day;
    return label;
  });
}

/** Hours and days from a number of milliseconds: what a step is called. */
export function stepName(step_ms: number): string {
  const [size, unit] = step_ms >= DAY_MS ? [step_ms / DAY_MS, "day"] : step_ms >= HOUR_MS ? [step_ms / HOUR_MS, "hour"] : [step_ms / 60_000, "minute"];
  return size === 1 ? `a ${unit}`.replace("a hour", "an hour") : `${size} ${unit}s`;
}

function trimmed(value: number, places = 1): string {
  return String(Number(value.toPrecision(3)).toFixed(Math.min(places, 12))).replace(/\.?0+$/, "");
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}

function clock(when: Date): string {
  return `${pad(when.getHours())}:${pad(when.getMinutes())}`;
}

function dayOf(when: Date): string {
  return `${when.getDate()} ${MONTHS[when.getMonth()]}${year(when.getFullYear())}`;
}

function utcDay(ms: number): string {
  const when = new Date(ms);
  return `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}${year(when.getUTCFullYear())}`;
}

/** Said only where it is another one than now. */
function year(of: number): string {
  return of === new Date().getFullYear() ? "" : ` ${of}`;
}
