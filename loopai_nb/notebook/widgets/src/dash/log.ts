// The request log.

import { h } from "../lib/dom";
import type { MakePane } from "./state";

export const pane: MakePane = () => ({
  element: h("div"),
  ready: false,
  update: () => undefined,
  close: () => undefined,
});
