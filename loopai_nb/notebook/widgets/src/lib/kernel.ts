// The kernel's side of a widget: it owns all data, and a widget asks for what it shows.

/** As much of anywidget's model as we use; nothing is kept in its state, which a notebook may save. */
export interface Model {
  send(content: unknown): void;
  on(event: "msg:custom", callback: (content: unknown) => void): void;
  off(event: "msg:custom", callback: (content: unknown) => void): void;
}

export interface RenderContext {
  model: Model;
  el: HTMLElement;
}

/** What the kernel said no to, in words for a person. */
export class Refused extends Error {}

interface Waiting {
  resolve(value: never): void;
  reject(reason: Error): void;
}

interface Reply {
  id?: string;
  ok?: unknown;
  error?: string;
  push?: string;
  data?: unknown;
}

/**
 * Asks the kernel and hands each answer to who asked. Several views of one model hear all answers: ids tell
 * whose they are.
 */
export class Kernel {
  private readonly waiting = new Map<string, Waiting>();
  private readonly heard = new Map<string, (data: never) => void>();
  private readonly unheard = new Map<string, unknown>();
  private readonly name = Math.random().toString(36).slice(2, 10);
  private asked = 0;

  constructor(private readonly model: Model) {
    model.on("msg:custom", this.receive);
  }

  /** Ask; the answer comes in the order of the questions. Rejects with Refused where the kernel says no. */
  ask<T>(kind: string, data: Record<string, unknown> = {}): Promise<T> {
    const id = `${this.name}-${(this.asked += 1)}`;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const send = (): void => this.model.send({ ...data, id, kind });
      if (kind === "open") insist(send, () => !this.waiting.has(id));
      else send();
    });
  }

  /** Call with what the kernel says of itself under this name, also with the last that it said before. */
  hear<T>(push: string, callback: (data: T) => void): void {
    this.heard.set(push, callback);
    if (!this.unheard.has(push)) return;
    callback(this.unheard.get(push) as T);
    this.unheard.delete(push);
  }

  close(): void {
    this.model.off("msg:custom", this.receive);
    this.waiting.clear();
  }

  private readonly receive = (content: unknown): void => {
    const reply = content as Reply;
    if (reply.push !== undefined) {
      const callback = this.heard.get(reply.push);
      if (callback === undefined) this.unheard.set(reply.push, reply.data);
      else callback(reply.data as never);
      return;
    }
    const waiting = reply.id === undefined ? undefined : this.waiting.get(reply.id);
    if (reply.id === undefined || waiting === undefined) return;
    this.waiting.delete(reply.id);
    if (reply.error === undefined) waiting.resolve(reply.ok as never);
    else waiting.reject(new Refused(reply.error));
  };
}

/** Tell the kernel that somebody can see and click: run once for each model, before any view of it. */
export function greet({ model }: { model: Model }): void {
  let met = false;
  const hear = (content: unknown): void => {
    met ||= (content as Reply).push === "met";
    if (met) model.off("msg:custom", hear);
  };
  model.on("msg:custom", hear);
  insist(
    () => model.send({ kind: "hello" }),
    () => met,
  );
}

const AGAIN_MS = 400;
const LONGEST_MS = 5_000;
const MOST_TIMES = 25; // in two minutes: a busy machine may take one to make a subshell

/**
 * Say something until it was heard. What is sent while JupyterLab still makes the subshell of a widget goes to
 * a shell that is busy with the cell (ipykernel 7.0 to 7.3), and is heard when that cell has ended.
 */
function insist(say: () => void, heard: () => boolean, times = MOST_TIMES, wait = AGAIN_MS): void {
  say();
  const next = Math.min(1.5 * wait, LONGEST_MS);
  if (times > 1) window.setTimeout(() => heard() || insist(say, heard, times - 1, next), wait);
}
