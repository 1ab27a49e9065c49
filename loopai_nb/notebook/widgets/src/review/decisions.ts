// Decisions on their way into the ledger: in order, numbered, each made once, and none forgotten on the way.

import type { Progress } from "./types";

export interface Reply {
  seq?: number;
  again?: number;
  changed?: [index: number, letter: string][];
  letters?: string;
  progress?: Progress;
  go?: number | null;
  said?: string;
}

/** What a person decided; `index` is the row's place in the list, -1 of none. */
export interface Decision {
  what: string;
  index: number;
  data: Record<string, unknown>;
}

interface Sent extends Decision {
  seq: number;
}

export interface Told {
  saved(decision: Decision, reply: Reply): void;
  /** One was not saved, and so were none of those behind it. */
  failed(decision: Decision, why: string, behind: number): void;
  /** How many are not confirmed, and for how many seconds nothing has been heard. */
  waiting(count: number, silentS: number): void;
}

const AGAIN_MS = 4_000;
const LONGEST_MS = 60_000;
const NEVER = -1;

export class Decisions {
  private readonly sent: Sent[] = [];
  private seq = 0;
  private epoch = 0;
  private heardMs: number;
  private againMs = AGAIN_MS;
  private sentMs = 0;

  /**
   * Args:
   *   ask: To the kernel; rejects where it says no.
   *   told: Who shows it.
   *   now: Milliseconds of a clock that only goes on.
   */
  constructor(
    private readonly ask: (data: Record<string, unknown>) => Promise<Reply>,
    private readonly told: Told,
    private readonly now: () => number,
  ) {
    this.heardMs = now();
  }

  get unsaved(): number {
    return this.sent.length;
  }

  /** Whether a row waits for one of its decisions to be saved. */
  waits(index: number): boolean {
    return this.sent.some((each) => each.index === index);
  }

  make(decision: Decision): void {
    if (this.sent.length === 0) this.heardMs = this.now();
    const sent = { ...decision, seq: (this.seq += 1) };
    this.sent.push(sent);
    this.send(sent);
    this.tell();
  }

  /** To be called about once a second: what was sent long ago and not confirmed is sent again. */
  tick(): void {
    if (this.sent.length === 0) return;
    if (this.now() - this.sentMs > this.againMs) {
      this.againMs = Math.min(LONGEST_MS, this.againMs * 2);
      for (const each of this.sent) this.send(each);
    }
    this.tell();
  }

  private send(sent: Sent): void {
    this.sentMs = this.now();
    const epoch = this.epoch;
    this.ask({ ...sent.data, what: sent.what, seq: sent.seq, epoch }).then(
      (reply) => this.confirmed(sent, reply),
      (error: Error) => this.refused(sent, error.message),
    );
  }

  private confirmed(sent: Sent, reply: Reply): void {
    this.heard();
    if (reply.again !== undefined) {
      this.sendFrom(reply.again, sent.seq);
      return;
    }
    const at = this.sent.indexOf(sent);
    if (at < 0) return; // it was sent twice
    this.sent.splice(at, 1);
    this.told.saved(sent, reply);
    this.tell();
  }

  private refused(sent: Sent, why: string): void {
    this.heard();
    const at = this.sent.indexOf(sent);
    if (at < 0) return;
    const behind = this.sent.length - at - 1;
    this.sent.splice(at);
    this.epoch += 1;
    this.told.failed(sent, why, behind);
    this.tell();
  }

  /** The kernel misses some: send them again, and for those that were given up say that they were. */
  private sendFrom(first: number, last: number): void {
    for (let seq = first; seq <= last; seq += 1) {
      const sent = this.sent.find((each) => each.seq === seq);
      if (sent !== undefined) this.send(sent);
      else this.ask({ what: "undo", seq, epoch: NEVER }).catch(() => undefined);
    }
  }

  private heard(): void {
    this.heardMs = this.now();
    this.againMs = AGAIN_MS;
  }

  private tell(): void {
    this.told.waiting(this.sent.length, (this.now() - this.heardMs) / 1000);
  }
}
