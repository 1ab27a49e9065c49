// A dashboard of a ledger. All that it shows is the kernel's (dashboard_desk.py).

import "./dashboard.css";
import { Filters } from "./dash/filters";
import { pane as happenings } from "./dash/happenings";
import { pane as log } from "./dash/log";
import { OverviewPane } from "./dash/overview";
import { type Pane, type Scope, State } from "./dash/state";
import type { Moved, Opened, Overview } from "./dash/wire";
import { button, h } from "./lib/dom";
import { moveIn } from "./lib/home";
import { Kernel, type Model, Refused, type RenderContext, greet } from "./lib/kernel";
import { listen } from "./lib/keyboard";

/** The kernel watches the ledger for this view until it hears nothing for some time (dashboard_desk.py). */
const STILL_HERE_MS = 120_000;
const LIVELY_MS = 1_500;
const TITLES: Record<string, string> = { overview: "Overview", requests: "Requests", happenings: "Happenings" };

class Dashboard {
  private readonly kernel: Kernel;
  private readonly root = h("section", { class: "loopai-panel loopai-dashboard", "aria-label": "Dashboard" });
  private readonly view = Math.random().toString(36).slice(2, 10);
  private readonly heard = h("div", { class: "loopai-hidden", role: "status" });
  private readonly live = h("span", { class: "live loopai-quiet" }, h("i", { "aria-hidden": "true" }), "live");
  private readonly tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Dashboard" });
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly panes = new Map<string, Pane>();
  private readonly sight = new IntersectionObserver((entries) => this.seen(entries.at(-1)?.isIntersecting ?? false));
  private readonly turned = (): void => this.watch();
  private state: State | null = null;
  private filters: Filters | null = null;
  private inSight = false;
  private watched = "";
  private missed = false;
  private marks: unknown = null;
  private renewing = 0;
  private quiet = 0;
  private leave: (() => void) | null = null;

  constructor({ model, el }: RenderContext) {
    this.kernel = new Kernel(model);
    this.root.append(h("p", { class: "empty" }, "Looking at the ledger …"));
    el.append(this.root);
    this.kernel.hear<Moved>("moved", (moved) => this.moved(moved));
    this.kernel.hear<null>("closed", () => this.close());
    document.addEventListener("visibilitychange", this.turned);
    listen(this.root, { b: () => this.state?.back() });
    void this.open();
  }

  /** Whether it lives in another output than its own. */
  get housed(): boolean {
    return this.leave !== null;
  }

  close(): void {
    this.leave?.();
    this.leave = null;
    this.sight.disconnect();
    document.removeEventListener("visibilitychange", this.turned);
    window.clearInterval(this.renewing);
    window.clearTimeout(this.quiet);
    if (this.watched !== "") this.kernel.ask("leave", { view: this.view }).catch(() => undefined);
    for (const pane of this.panes.values()) pane.close();
    this.kernel.close();
  }

  private async open(): Promise<void> {
    let opened: Opened;
    try {
      opened = await this.kernel.ask<Opened>("open");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.root.replaceChildren(h("p", { class: "empty loopai-bad", role: "alert" }, error.message));
      return;
    }
    const state = new State(opened.scope);
    const overview = new OverviewPane(this.kernel, state);
    this.state = state;
    this.filters = new Filters(state);
    overview.shows = (shown) => this.offer(shown);
    const requests = log(this.kernel, state);
    this.panes.set("overview", overview).set("requests", requests).set("happenings", happenings(this.kernel, state));
    if (requests.ready) state.jumpsBy((wanted) => requests.want?.(wanted));
    this.frame(opened);
    state.listen((scope) => this.changed(scope));
    overview.show(opened.overview);
    this.show("overview");
    this.renewing = window.setInterval(() => {
      this.watched = "";
      this.watch();
    }, STILL_HERE_MS);
    this.sight.observe(this.root);
    await moveIn(this.root, this.kernel, (leave) => {
      this.leave = leave;
    });
  }

  private frame({ ledger }: Opened): void {
    const ready = [...this.panes].filter(([, pane]) => pane.ready);
    for (const [name, pane] of ready) {
      const made = button(TITLES[name] ?? name, () => this.state!.open(name), { class: "loopai-tab" });
      made.setAttribute("role", "tab");
      made.id = `loopai-${this.view}-${name}`;
      this.buttons.set(name, made);
      pane.element.setAttribute("role", "tabpanel");
      pane.element.setAttribute("aria-labelledby", made.id);
      this.tabs.append(made);
    }
    this.tabs.hidden = ready.length < 2;
    this.tabs.addEventListener("keydown", (event) => this.arrow(event));
    this.live.hidden = true;
    this.root.replaceChildren(
      h("div", { class: "head" }, h("h3", {}, "Dashboard"), h("span", { class: "where loopai-quiet" }, ledger), this.live, this.tabs),
      this.filters!.element,
      ...ready.map(([, pane]) => pane.element),
      this.heard,
    );
  }

  private arrow(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const names = [...this.buttons.keys()];
    const next = names[(names.indexOf(this.state!.tab) + step + names.length) % names.length]!;
    this.state!.open(next);
    this.buttons.get(next)!.focus();
    event.preventDefault();
  }

  private show(name: string): void {
    for (const [each, made] of this.buttons) {
      made.setAttribute("aria-selected", String(each === name));
      made.tabIndex = each === name ? 0 : -1;
      this.panes.get(each)!.element.hidden = each !== name;
    }
  }

  private changed(scope: Scope): void {
    this.filters!.update(scope);
    this.show(this.state!.tab);
    this.pane.update(scope);
    this.watch();
  }

  private get pane(): Pane {
    return this.panes.get(this.state!.tab)!;
  }

  private offer(overview: Overview): void {
    this.marks = overview.marks;
    this.filters!.offer(overview.choices);
    this.filters!.element.hidden = overview.example !== ""; // there is nothing to choose from yet
  }

  private seen(inSight: boolean): void {
    this.inSight = inSight;
    this.watch();
  }

  /** Tell the kernel whether somebody looks, and at what. */
  private watch(): void {
    if (this.state === null) return;
    const looks = this.inSight && document.visibilityState === "visible";
    const told = looks ? JSON.stringify([this.state.scope, this.state.tab]) : "";
    if (told === this.watched) return;
    const again = this.watched === "" && this.missed;
    this.watched = told;
    this.missed ||= !looks;
    const message = { view: this.view, scope: this.state.scope, tab: this.state.tab, marks: this.marks };
    this.kernel.ask(looks ? "watch" : "leave", message).catch(() => undefined);
    if (!again) return;
    this.missed = false;
    this.pane.update(this.state.scope); // what happened while nobody looked
  }

  private moved({ view, overview }: Moved): void {
    if (view !== this.view || this.state === null || this.watched === "") return;
    if (overview === null) this.pane.moved?.();
    else if (this.state.tab === "overview") (this.pane as OverviewPane).show(overview);
    if (this.live.hidden) this.heard.textContent = "The figures change while runs go on.";
    this.live.hidden = false;
    window.clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => {
      this.live.hidden = true;
      this.heard.textContent = "";
    }, LIVELY_MS);
  }
}

/** One for each model: what is drawn lives on its messages, also after the view that drew it first has gone. */
export default (): object => {
  const drawn = new Set<Dashboard>();
  let kept: Model | null = null;
  return {
    initialize({ model }: { model: Model }): () => void {
      kept = model;
      greet({ model });
      return () => {
        for (const each of drawn) each.close();
        drawn.clear();
      };
    },
    render({ el, model }: RenderContext): () => void {
      const dashboard = new Dashboard({ el, model: kept ?? model });
      drawn.add(dashboard);
      return () => {
        if (dashboard.housed) return;
        drawn.delete(dashboard);
        dashboard.close();
      };
    },
  };
};
