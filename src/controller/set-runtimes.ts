import { RecentTexts } from '../apply/recent-texts.ts';
import { SetRuntime } from './set-runtime.ts';
import type { StoredSet } from './stored-set.ts';

/** The runtimes of all sets, by `namespace/name`. An object that was deleted and made again begins anew. */
export class SetRuntimes {
  readonly #runtimes = new Map<string, SetRuntime>();
  readonly #texts = new RecentTexts();
  readonly #monotonic: () => number;
  readonly #onDue: (key: string) => void;

  constructor(options: { monotonic(): number; onDue(key: string): void }) {
    this.#monotonic = options.monotonic;
    this.#onDue = options.onDue;
  }

  get(key: string, { uid }: StoredSet): SetRuntime {
    const known = this.#runtimes.get(key);
    if (known?.uid === uid) return known;
    known?.release();
    const runtime = new SetRuntime(uid, {
      monotonic: this.#monotonic,
      onDue: () => this.#onDue(key),
      texts: this.#texts,
    });
    this.#runtimes.set(key, runtime);
    return runtime;
  }

  /** An object is being deleted, or is gone: a pass that is under way for it is dropped. */
  leave(key: string, { uid }: StoredSet): void {
    const known = this.#runtimes.get(key);
    if (known?.uid === uid) known.leave();
  }

  /** Forgets a set that is gone. */
  drop(key: string): void {
    this.#runtimes.get(key)?.release();
    this.#runtimes.delete(key);
  }
}
