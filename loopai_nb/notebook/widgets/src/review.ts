// A review: one answer at a time beside its row, or a table of them. What a decision means is the kernel's
// (review_desk.py); here is what is on the screen, and where the next key goes.

import "./review.css";
import { button, h } from "./lib/dom";
import { moveIn } from "./lib/home";
import { Kernel, type Model, type RenderContext, Refused, greet } from "./lib/kernel";
import { keyName, listen } from "./lib/keyboard";
import { Rows } from "./lib/rows";
import { Bar } from "./review/bar";
import { type Decision, Decisions, type Reply } from "./review/decisions";
import { Filter } from "./review/filter";
import { type Counted, Many, type Which } from "./review/many";
import { type Draft, One } from "./review/one";
import { People } from "./review/people";
import { Screen, type ScreenActs } from "./review/screen";
import { Sheet } from "./review/sheet";
import { type Letter, type Line, type Listed, MARKS, type Opened, type Progress, type Row, STATES, count, plural } from "./review/types";

const ROW_PX = 29;
const MOST_TYPED_AHEAD = 100;
const TICK_MS = 1_000;
const SILENT_S = 6;
const LETTER = { accept: "a", edit: "e", reject: "r", skip: "s" } as const;
const OF_PERSON = new Set(["a", "e", "x", "s", "u", "o"]);
const OF_BROWSER = new Set(["Tab", "Shift", "Control", "Alt", "Meta", "CapsLock"]);
const AT_ONCE = new Set(["Escape", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);

type What = keyof typeof LETTER;

class Review {
  private readonly root = h("section", { class: "loopai-panel loopai-review", "aria-label": "Review of answers" });
  private readonly sheet: Sheet;
  private readonly decisions: Decisions;
  private readonly table: Rows<Line>;
  private readonly one: One;
  private readonly filter: Filter;
  private readonly many: Many;
  private readonly people: People;
  private readonly bar = new Bar();
  private readonly screen: Screen;
  private readonly ticking: number;
  private typedAhead: string[] = [];
  private keys: Record<string, () => void> = {};
  private writing: Record<string, () => void> = {};
  private undoing = false;
  private made: number[] = [];
  private at = 0;
  private total: number;
  private progress: Progress;
  private onlyRow = false;
  private lastNote = "";
  private rejecting = false;
  private over = false;
  private goHome: (() => void) | null = null;

  constructor(
    private readonly kernel: Kernel,
    el: HTMLElement,
    private readonly opened: Opened,
    private readonly view: string,
  ) {
    this.total = opened.total;
    this.progress = opened.progress;
    this.sheet = new Sheet(opened.letters, {
      rows: (indices, hit) => this.ask<Row[]>("rows", { indices, hit }),
      came: (index) => this.came(index),
    });
    this.decisions = new Decisions(
      (data) => this.ask<Reply>("do", data),
      {
        saved: (decision, reply) => this.saved(decision, reply),
        failed: (decision, why, behind) => this.failed(decision, why, behind),
        waiting: (n, silentS) => this.tellWaiting(n, silentS),
      },
      () => performance.now(),
    );
    this.one = new One(opened.fields, { save: (draft) => this.save(draft), leave: () => this.leave(), prompt: () => void this.askPrompt() });
    this.table = new Rows<Line>("Answers", ROW_PX, {
      window: (first, n) => this.ask<Line[]>("lines", { first, count: n }),
      draw: (line, element) => this.drawLine(line, element),
      choose: (index) => this.show(index),
    });
    this.filter = new Filter(opened, () => void this.list(), () => this.leave());
    this.many = new Many({
      count: (which, rule) => this.ask<Counted>("count", { which, rule, position: this.row?.position ?? 0 }),
      decide: (what, counted, words) => this.decideMany(what, counted, words),
      leave: () => this.leave(),
      back: () => this.openMany(),
      named: (which) => this.named(which),
    });
    this.people = new People(() => this.ask("people"));
    this.kernel.hear<string>("changed", (from) => {
      if (from !== this.view) void this.sync();
    });
    this.screen = new Screen(opened, this.acts());
    this.screen.layOut(this.root, { bar: this.bar.element, filter: this.filter.element, many: this.many.element, people: this.people, table: this.table.element, one: this.one });
    el.append(this.root);
    this.listen();
    this.ticking = window.setInterval(() => this.decisions.tick(), TICK_MS);
    window.addEventListener("beforeunload", this.unload);
    this.bar.show(this.progress);
    this.table.reset(this.total);
    this.show(opened.at);
    this.tellFilter();
    this.kernel.hear<null>("closed", () => this.closed());
    if (opened.over !== null) this.end(opened.over);
    else void this.house();
  }

  /** Whether it lives in another output than its own. */
  get housed(): boolean {
    return this.goHome !== null;
  }

  close(): void {
    window.clearInterval(this.ticking);
    window.removeEventListener("beforeunload", this.unload);
  }

  private async house(): Promise<void> {
    await moveIn(this.root, this.kernel, (leave) => {
      this.goHome = leave;
      this.table.select(this.at); // moved, it is scrolled to its beginning
    });
  }

  /** Somebody is done with it: where it lives, the static form has its place again. */
  private closed(): void {
    if (this.goHome === null) return;
    this.over = true;
    this.goHome();
    this.goHome = null;
    this.close();
  }

  private ask<T>(kind: string, data: Record<string, unknown> = {}): Promise<T> {
    return this.kernel.ask<T>(kind, { ...data, view: this.view });
  }

  private readonly unload = (event: BeforeUnloadEvent): void => {
    if (this.decisions.unsaved > 0) event.preventDefault();
  };

  private acts(): ScreenActs {
    return {
      accept: () => this.decide("accept"),
      edit: () => this.startEdit(),
      reject: () => this.startReject(),
      saveReject: () => this.saveReject(),
      skip: () => this.decide("skip"),
      only: () => this.turnOnly(),
      undo: () => this.undo(),
      step: (by) => this.step(by),
      nextOpen: () => this.nextOpen(),
      prompt: () => void this.askPrompt(),
      search: (by) => void this.search(by),
      filter: () => this.toggleFilter(),
      many: () => this.toggleMany(),
      table: (shown) => this.turn(shown),
      leave: () => this.leave(),
      done: () => void this.done(),
    };
  }

  private drawLine(line: Line, element: HTMLElement): void {
    const letter = this.sheet.letter(line.index);
    const saving = this.decisions.waits(line.index);
    element.classList.add(`is-${letter === "-" ? "none" : letter}`);
    element.append(
      h("span", { class: "mark", role: "img", "aria-label": STATES[letter], title: STATES[letter] }, saving ? "…" : MARKS[letter]),
      h("span", { class: "at" }, line.label),
      h("span", { class: "answer" }, line.answer),
      ...line.cells.map((cell) => h("span", { class: "cell" }, cell)),
    );
  }

  // Where we are

  private get row(): Row | undefined {
    return this.sheet.row(this.at);
  }

  private get isTable(): boolean {
    return !this.screen.tableBox.hidden;
  }

  private show(index: number): void {
    this.closeInputs();
    if (this.total === 0) {
      this.one.none("There is no such row.");
      this.tellPlace();
      return;
    }
    this.at = Math.max(0, Math.min(this.total - 1, index));
    this.table.select(this.at);
    this.onlyRow = false;
    this.draw();
    this.sheet.getAhead(this.at);
  }

  private draw(): void {
    const { row } = this;
    this.tellPlace();
    if (row === undefined) this.one.wait();
    else {
      this.one.show(row, this.sheet.letter(this.at), this.decisions.waits(this.at));
      this.screen.only.hidden = row.alike < 2;
      this.screen.only.setAttribute("aria-pressed", String(this.onlyRow));
      for (const each of [this.screen.accept, this.screen.edit, this.screen.reject, this.screen.skip]) each.disabled = row.answer === null;
      const answer = row.fields?.join(", ") ?? row.answer?.map(([, text]) => text).join("") ?? "no answer";
      this.screen.heard.textContent = `${this.at + 1} of ${this.total}, ${answer.slice(0, 200)}, ${STATES[this.sheet.letter(this.at)]}`;
    }
  }

  private tellPlace(): void {
    const label = this.row?.label;
    const row = label === undefined || label === String(this.at) ? "" : ` · row ${label}`;
    this.screen.place.textContent = this.total === 0 ? "no rows" : `${count(this.at + 1)} of ${count(this.total)}${row}`;
  }

  /** Rows came from the kernel. */
  private came(index: number): void {
    if (index !== this.at) return;
    if (!this.one.editing) this.draw();
    this.goOn();
  }

  private step(by: number): void {
    this.show(this.at + by);
  }

  private nextOpen(): void {
    const next = this.sheet.nextOpen(this.at);
    if (next !== null) this.show(next);
    else this.screen.told.textContent = "No row of these is open.";
  }

  /** What the next key is about is not on the screen yet. */
  private get blocked(): boolean {
    return this.undoing || (this.total > 0 && this.row === undefined);
  }

  /** Do what was typed meanwhile, key by key; a note or an answer is written into its field. */
  private goOn(): void {
    while (this.typedAhead.length > 0 && !this.blocked) this.play(this.typedAhead.shift()!);
  }

  private play(name: string): void {
    const where = document.activeElement;
    if (where === null || !this.root.contains(where) || !writes(where)) {
      if (this.many.element.hidden) this.keys[name]?.();
      else this.many.key(name);
    } else if (this.writing[name] !== undefined && !(where instanceof HTMLTextAreaElement && name === "Enter")) this.writing[name]();
    else if (!(where instanceof HTMLSelectElement)) write(where as HTMLInputElement | HTMLTextAreaElement, name);
  }

  // Deciding

  private decide(what: What, data: Record<string, unknown> = {}): void {
    const { row } = this;
    if (row === undefined || this.over) return;
    if (row.answer === null) {
      this.screen.told.textContent = `This row has no answer. Ask it again: %loopai retry ${this.opened.run}`;
      return;
    }
    this.clearWords();
    const index = this.at;
    const letter = what === "accept" && this.sheet.letter(index) === "e" ? "e" : LETTER[what];
    this.made.push(index);
    this.sheet.suppose(index, letter, this.onlyRow ? null : row.request);
    this.decisions.make({ what, index, data: { position: row.position, only_row: this.onlyRow, ...data } });
    const next = this.sheet.nextOpen(index);
    if (next === null || next === index) this.show(this.isTable ? index + 1 : index);
    else this.show(next);
  }

  private startEdit(): void {
    const { row } = this;
    if (row === undefined || row.answer === null || this.over) return;
    this.closeInputs();
    this.clearWords();
    if (this.isTable) this.turn(false);
    if (!this.one.edit(row)) this.screen.told.textContent = "This answer is too long to be edited here: session.review(RUN).edit(...)";
  }

  private save(draft: Draft): void {
    const same = this.one.untouched;
    this.root.focus();
    this.one.close();
    if (same) this.decide("accept");
    else this.decide("edit", { ...draft });
  }

  private startReject(): void {
    if (this.row === undefined || this.row.answer === null || this.over) return;
    this.closeInputs();
    this.clearWords();
    if (this.isTable) this.turn(false);
    this.rejecting = true;
    this.screen.noting.hidden = false;
    this.screen.note.value = this.lastNote;
    this.screen.note.focus();
    this.screen.note.select();
  }

  private saveReject(): void {
    const note = this.screen.note.value.trim();
    if (note === "") {
      this.screen.told.textContent = "A rejection needs a note that says why.";
      this.screen.note.focus();
      return;
    }
    this.lastNote = note;
    this.root.focus();
    this.decide("reject", { note });
  }

  private undo(): void {
    if (this.over) return;
    this.clearWords();
    const index = this.made.pop();
    if (index === undefined || index < 0) {
      this.undoing = true; // which row it is, only the kernel knows
      this.decisions.make({ what: "undo", index: -1, data: {} });
      return;
    }
    this.sheet.takeBack(index);
    this.decisions.make({ what: "undo", index, data: {} });
    this.show(index);
  }

  private decideMany(what: What, counted: Counted, words: string): void {
    this.leave();
    this.made.push(-1);
    this.screen.told.textContent = "…";
    this.decisions.make({ what, index: -1, data: { many: counted.holds, ...(what === "edit" ? { text: words } : { note: words }) } });
  }

  private saved(decision: Decision, reply: Reply): void {
    this.sheet.confirm(decision.index, this.decisions.waits(decision.index));
    this.learn(reply);
    if (decision.what === "edit" || decision.what === "undo") this.table.renew(decision.index < 0 ? this.at : decision.index);
    if (reply.said) this.screen.told.textContent = reply.said;
    if (decision.data["many"] !== undefined && this.sheet.letter(this.at) !== "p") {
      this.show(this.sheet.nextOpen(this.at) ?? this.at);
    }
    if (decision.what === "undo" && decision.index < 0) {
      this.undoing = false;
      if (typeof reply.go === "number") this.show(reply.go);
    } else if (decision.what === "undo" && typeof reply.go === "number" && reply.go !== decision.index && this.decisions.unsaved === 0) {
      this.show(reply.go); // it was decided elsewhere meanwhile
    }
    this.redraw();
    this.goOn();
  }

  private learn(reply: Pick<Reply, "letters" | "changed" | "progress">): void {
    if (reply.letters !== undefined) {
      this.sheet.replace(reply.letters);
      this.table.refresh();
    }
    for (const [index, letter] of reply.changed ?? []) {
      this.sheet.change(index, letter as Letter);
      if (letter === "e") this.table.renew(index);
    }
    if (reply.progress !== undefined) {
      this.progress = reply.progress;
      this.bar.show(reply.progress);
    }
    this.sheet.getAhead(this.at);
    this.tellFinished();
  }

  /** What is drawn already, as it stands now. */
  private redraw(): void {
    this.table.select(this.at);
    if (this.row !== undefined && !this.one.editing) this.draw();
  }

  private failed(decision: Decision, why: string, behind: number): void {
    this.undoing = false;
    this.typedAhead = [];
    this.made = [];
    this.sheet.forgetSupposed();
    const which = decision.index < 0 ? "The last step" : `Number ${count(decision.index + 1)}`;
    const others = behind > 0 ? ` What was decided after it (${plural(behind, "decision")}) was not saved either.` : "";
    if (decision.index >= 0) this.show(decision.index);
    this.screen.said.textContent = `${which} was not saved. ${why}${others}`;
    const { row } = this;
    if (decision.what === "edit" && row !== undefined && decision.index === this.at) {
      this.one.edit(row, decision.data as unknown as Draft);
    } else if (this.root.contains(document.activeElement)) this.root.focus();
    void this.sync();
  }

  private async sync(): Promise<void> {
    this.learn(await this.ask<Reply>("sync"));
    this.redraw();
  }

  private tellWaiting(n: number, silentS: number): void {
    this.screen.saving.textContent = n === 0 ? "" : silentS > SILENT_S ? `${plural(n, "decision")} not saved yet: the kernel has not answered for ${Math.round(silentS)} s` : `saving ${n}`;
    this.screen.saving.classList.toggle("loopai-bad", n > 0 && silentS > SILENT_S);
    this.tellFinished();
  }

  // The end

  private tellFinished(): void {
    const all = this.progress.pending === 0 && this.progress.total > 0 && this.decisions.unsaved === 0;
    this.screen.finished.hidden = !all || this.over;
    this.screen.finished.firstElementChild!.textContent = `All ${count(this.progress.total)} are reviewed.`;
  }

  /** Everything is decided, and the person went on to something else. */
  private left(): void {
    window.setTimeout(() => {
      const gone = document.hasFocus() && !this.root.contains(document.activeElement) && this.root.isConnected;
      if (gone && !this.screen.finished.hidden && this.made.length > 0) void this.done();
    }, 400);
  }

  private async done(): Promise<void> {
    if (this.over) return;
    if (this.decisions.unsaved > 0) {
      this.screen.told.textContent = "It closes when everything is saved; press Done again then.";
      return;
    }
    const { said } = await this.ask<{ said: string[] }>("done");
    this.end(said);
  }

  private end(said: string[]): void {
    this.over = true;
    this.close();
    this.root.replaceChildren(h("div", { class: "ended" }, ...said.map((line) => h("div", {}, line))));
  }

  // Finding and filtering

  private async search(step: 1 | -1): Promise<void> {
    const text = this.screen.find.value;
    if (text === "") {
      this.screen.find.focus();
      return;
    }
    const again = this.sheet.hit === text;
    const answer = await this.ask<{ index: number | null; count: number }>("find", { text, step, index: this.at + (again ? step : 0) });
    this.sheet.look(text);
    this.screen.found.textContent = answer.count === 0 ? "in no row" : `in ${count(answer.count)}`;
    this.show(answer.index ?? this.at);
  }

  private async list(): Promise<void> {
    this.screen.said.textContent = "";
    try {
      const position = this.filter.where["state"] === undefined ? this.row?.position : undefined;
      const listed = await this.ask<Listed>("list", { where: this.filter.where, sort: this.filter.order, position });
      this.total = listed.total;
      this.made = [];
      this.sheet.reset(listed.letters);
      this.table.reset(listed.total);
      this.progress = listed.progress;
      this.bar.show(listed.progress);
      this.show(listed.at);
      this.screen.said.textContent = listed.doubt;
      this.tellFilter();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.screen.said.textContent = error.message;
    }
  }

  private tellFilter(): void {
    const { words } = this.filter;
    this.screen.filtered.hidden = words === "";
    this.screen.filtered.replaceChildren(
      h("span", {}, `${plural(this.total, "row")}: ${words}`),
      button("All rows", () => this.filter.clear(), { class: "loopai-plain" }),
    );
    this.screen.filterButton.setAttribute("aria-pressed", String(words !== "" || !this.filter.element.hidden));
  }

  private named(which: Which): string {
    if (which === "rule") return "those for which a rule holds …";
    if (which === "list") return this.filter.words === "" ? "all that are not decided" : `those of the filter: ${this.filter.words}`;
    const answer = (this.row?.answer ?? []).map(([, text]) => text).join("");
    return `those that say “${answer.length > 40 ? `${answer.slice(0, 40)}…` : answer}”, as this one`;
  }

  private toggleFilter(): void {
    const opens = this.filter.element.hidden;
    this.closeInputs();
    this.filter.element.hidden = !opens;
    this.tellFilter();
    if (opens) this.filter.focus();
    else this.root.focus();
  }

  private toggleMany(): void {
    if (this.many.element.hidden) this.openMany();
    else this.leave();
  }

  private openMany(): void {
    this.closeInputs();
    this.clearWords();
    this.root.focus();
    this.screen.manyButton.setAttribute("aria-pressed", "true");
    this.many.open();
  }

  private async askPrompt(): Promise<void> {
    const { row } = this;
    if (row === undefined) return;
    if (this.isTable) this.turn(false);
    const asked = await this.ask<{ prompt: Row["note"]; system: Row["note"] | null }>("prompt", { position: row.position });
    if (row === this.row) this.one.addPrompt(asked.prompt, asked.system);
  }

  // Keys

  private listen(): void {
    this.keys = {
      a: () => this.decide("accept"),
      e: () => this.startEdit(),
      x: () => this.startReject(),
      s: () => this.decide("skip"),
      u: () => this.undo(),
      o: () => this.turnOnly(),
      j: () => this.step(1),
      k: () => this.step(-1),
      g: () => this.nextOpen(),
      b: () => this.toggleMany(),
      p: () => void this.askPrompt(),
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      PageDown: () => this.step(10),
      PageUp: () => this.step(-10),
      Home: () => this.show(0),
      End: () => this.show(this.total - 1),
      "/": () => this.screen.find.focus(),
      n: () => void this.search(1),
      N: () => void this.search(-1),
      f: () => this.toggleFilter(),
      t: () => this.turn(!this.isTable),
      Enter: () => this.screen.finished.hidden || void this.done(),
      Escape: () => this.leave(),
    };
    this.writing = {
      Escape: () => (this.many.element.contains(document.activeElement) ? this.many.escape() : this.leave()),
      "Ctrl+Enter": () => this.one.save(),
      Enter: () => this.enter(),
    };
    this.root.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      const name = keyName(event);
      const ofBrowser = name === "" || writes(target) || OF_BROWSER.has(name);
      if (ofBrowser || (target.tagName === "BUTTON" && (name === "Enter" || name === " "))) return;
      const repeats = event.repeat && OF_PERSON.has(name); // a key that is held down would decide about everything
      const early = !AT_ONCE.has(name) && (this.blocked || this.typedAhead.length > 0);
      const many = !this.many.element.hidden;
      if (!repeats && !early && !many) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (repeats) return;
      if (!early) this.many.key(name);
      else if (this.typedAhead.length < MOST_TYPED_AHEAD) this.typedAhead.push(name);
    });
    this.root.addEventListener("focusout", () => this.left());
    listen(this.root, this.keys, this.writing);
  }

  /** Enter, where somebody writes. */
  private enter(): void {
    const where = document.activeElement;
    if (where === this.screen.find) void this.search(1);
    else if (where === this.screen.note) this.saveReject();
    else if (where === this.screen.jump && this.screen.jump.value !== "") {
      this.show(Number(this.screen.jump.value) - 1);
      this.root.focus();
    } else if (this.filter.element.contains(where)) void this.list();
    else if (this.many.element.contains(where)) this.many.enter();
    else if (this.one.editing && where instanceof HTMLElement && where.tagName === "INPUT") this.one.save();
  }

  private turnOnly(): void {
    if (this.screen.only.hidden) return;
    this.onlyRow = !this.onlyRow;
    this.screen.only.setAttribute("aria-pressed", String(this.onlyRow));
  }

  private turn(table: boolean): void {
    this.closeInputs();
    this.screen.tableBox.hidden = !table;
    this.root.classList.toggle("tabled", table);
    this.screen.oneTab.setAttribute("aria-selected", String(!table));
    this.screen.tableTab.setAttribute("aria-selected", String(table));
    this.root.focus();
    this.show(this.at);
  }

  private closeInputs(): void {
    if (this.one.editing) this.one.close();
    this.rejecting = false;
    this.screen.noting.hidden = true;
    this.many.element.hidden = true;
    this.screen.manyButton.setAttribute("aria-pressed", "false");
  }

  private clearWords(): void {
    this.screen.said.textContent = "";
    this.screen.told.textContent = "";
  }

  private leave(): void {
    const inFilter = this.filter.element.contains(document.activeElement);
    this.typedAhead = [];
    if (!this.rejecting && !this.one.editing && inFilter) this.filter.element.hidden = true;
    this.closeInputs();
    this.tellFilter();
    this.clearWords();
    this.root.focus();
  }
}

function writes(element: Element): boolean {
  return ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

/** Write what a key stands for where the cursor is. */
function write(into: HTMLInputElement | HTMLTextAreaElement, name: string): void {
  const [start, end] = [into.selectionStart ?? into.value.length, into.selectionEnd ?? into.value.length];
  if (name === "Backspace") into.setRangeText("", start === end ? Math.max(0, start - 1) : start, end, "end");
  else if (name === "Enter" || name.length === 1) into.setRangeText(name === "Enter" ? "\n" : name, start, end, "end");
}

/** One for each model: a review lives on its messages, also after the view that drew it first has gone. */
export default (): object => {
  let kept: Model | null = null;
  const drawn = new Set<() => void>();
  return {
    initialize({ model }: { model: Model }): () => void {
      kept = model;
      greet({ model });
      return () => {
        for (const close of drawn) close();
        drawn.clear();
      };
    },
    render({ model, el }: RenderContext): () => void {
      const kernel = new Kernel(kept ?? model);
      const view = Math.random().toString(36).slice(2, 10);
      let shown: Review | undefined;
      let gone = false;
      const close = (): void => {
        gone = true;
        shown?.close();
        kernel.close();
      };
      drawn.add(close);
      void kernel.ask<Opened>("open", { view }).then((opened) => {
        if (!gone) shown = new Review(kernel, el, opened, view);
      });
      return () => {
        if (shown?.housed) return;
        drawn.delete(close);
        close();
      };
    },
  };
};
