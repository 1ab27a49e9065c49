// How long something still waits, in the shape of a clock.

/** 59:41, or 1:02:03 from an hour on; never below 0:00. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** In words, for who hears it. */
export function inWords(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes >= 1) return minutes === 1 ? "1 minute left" : `${minutes} minutes left`;
  return "less than a minute left";
}
