// The period and the filters, which hold for all panes.

import { button, h } from "../lib/dom";
import { FILTERS, type Filter, PRESETS, type Preset, type Scope, type State } from "./state";
import type { Choice } from "./wire";
import { range } from "./words";

const SAID: Record<Preset, string> = { "1h": "1 h", "24h": "24 h", "7d": "7 d", "30d": "30 d", all: "All" };
const HEARD: Record<Preset, string> = {
  "1h": "The last hour",
  "24h": "The last 24 hours",
  "7d": "The last 7 days",
  "30d": "The last 30 days",
  all: "All that the ledger has",
};
const ALL: Record<Filter, string> = { run: "All runs", server: "All servers", model: "All models", template: "All templates" };

export class Filters {
  readonly element = h("div", { class: "filters", role: "group", "aria-label": "Period and filters" });
  private readonly presets = new Map<Preset, HTMLButtonElement>();
  private readonly selects = new Map<Filter, HTMLSelectElement>();
  private readonly range: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private choices: Record<Filter, Choice[]> = { run: [], server: [], model: [], template: [] };
  private offered = "";

  constructor(private readonly state: State) {
    const periods = h("div", { class: "periods", role: "group", "aria-label": "Period" });
    for (const preset of PRESETS) {
      const made = button(SAID[preset], () => state.last(preset), { title: HEARD[preset] });
      made.setAttribute("aria-label", HEARD[preset]);
      this.presets.set(preset, made);
      periods.append(made);
    }
    this.range = button("", () => state.back(), { title: "Back to the period before" });
    this.range.setAttribute("aria-pressed", "true");
    periods.append(this.range);
    this.element.append(periods);
    for (const filter of FILTERS) {
      const select = h("select", { "aria-label": ALL[filter].replace("All ", "Which "), class: filter });
      select.addEventListener("change", () => state.change({ [filter]: select.value === "" ? null : this.choices[filter][Number(select.value)]!.name }));
      this.selects.set(filter, select);
      this.element.append(select);
    }
    this.clear = button("Clear", () => state.change({ run: null, server: null, model: null, template: null }), { class: "loopai-plain", title: "Without any filter" });
    this.back = button("Back", () => state.back(), { class: "loopai-plain", key: "b" });
    this.element.append(this.clear, this.back);
    this.update(state.scope);
  }

  offer(choices: Record<Filter, Choice[]>): void {
    const offered = JSON.stringify(choices);
    if (offered === this.offered) return;
    this.offered = offered;
    this.choices = choices;
    this.update(this.state.scope);
  }

  update(scope: Scope): void {
    for (const [preset, made] of this.presets) made.setAttribute("aria-pressed", String(scope.last === preset));
    this.range.hidden = scope.last !== null || scope.since_ms === null;
    if (scope.since_ms !== null) this.range.textContent = range(scope.since_ms, scope.until_ms);
    for (const filter of FILTERS) this.fill(filter, scope[filter]);
    this.clear.hidden = FILTERS.every((filter) => scope[filter] === null);
    this.back.hidden = !this.state.canGoBack;
  }

  private fill(filter: Filter, chosen: string | null): void {
    const select = this.selects.get(filter)!;
    let known = this.choices[filter];
    if (chosen !== null && !known.some(({ name }) => name === chosen)) {
      known = [...known, { name: chosen, shown: chosen }];
      this.choices = { ...this.choices, [filter]: known };
    }
    const at = known.findIndex(({ name }) => name === chosen);
    const filled = JSON.stringify(known);
    if (select.dataset["filled"] !== filled) {
      // Also while somebody chooses: the list is replaced only where it has changed.
      select.dataset["filled"] = filled;
      select.replaceChildren(h("option", { value: "" }, ALL[filter]), ...known.map(({ shown }, i) => h("option", { value: i }, shown)));
    }
    select.value = at < 0 ? "" : String(at);
    select.classList.toggle("chosen", at >= 0);
    select.hidden = known.length < 2 && at < 0;
  }
}
