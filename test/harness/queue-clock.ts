import type { QueueClock } from '../../src/reconcile/work-queue.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A queue's clock that stands until it is moved; timers go off when their time has come. */
export class StandingClock implements QueueClock {
  time = 0;
  timers: Timer[] = [];
  /** How many timers were ever set. */
  set = 0;

  monotonic = (): number => this.time;
  random = (): number => 0;

  after = (milliseconds: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    this.set++;
    return () => this.#drop(timer);
  };

  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.timers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#drop(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
  }

  #drop(timer: Timer): void {
    this.timers = this.timers.filter((other) => other !== timer);
  }
}
