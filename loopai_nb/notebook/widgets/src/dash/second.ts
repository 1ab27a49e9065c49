// A moment to the second.

import { moment } from "./words";

/** 22 Nov 14:05:09. */
export function second(ms: number): string {
  return `${moment(ms)}:${String(new Date(ms).getSeconds()).padStart(2, "0")}`;
}
