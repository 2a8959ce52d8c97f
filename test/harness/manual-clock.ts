import { setImmediate as turn } from 'node:timers/promises';
import type { WatchClock } from '../../src/clients/cluster/watch-clock.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements WatchClock {
  /** What was asked for, in milliseconds, in order. */
  readonly sleeps: number[] = [];
  #now = 0;
  readonly #sleepers = new Set<Sleeper>();

  monotonic(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { at: this.#now + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  /** Lets so much time pass, and everybody do what they wake up for. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets all that can go on without time go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}
