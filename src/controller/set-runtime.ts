import { AppliedObjects } from '../apply/applied-objects.ts';
import type { RecentTexts } from '../apply/recent-texts.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { ChangePace } from './change-pace.ts';
import type { StoredSet } from './stored-set.ts';
import { WatchedReferences } from './watched-references.ts';

/** What a set is due for beside time: nothing, a look at what was delivered, or a new query of everything. */
type Cause = 'none' | 'drift' | 'all';

/** How a pass ended: stalled sets wait for a change, failed and waiting ones are tried again. */
type Ending = 'well' | 'failed' | 'waiting' | 'stalled';

/**
 * What is remembered of one set between its passes, for as long as the process and the object live. Losing it costs
 * queries and applies that change nothing.
 */
export class SetRuntime {
  readonly uid: string;
  readonly memory: ElementMemory;
  readonly applied: AppliedObjects;
  readonly references: WatchedReferences;
  /** How often changes of what is read may cause a pass. */
  readonly pace: ChangePace;
  /** When the last good pass began, in milliseconds of the epoch. */
  lastRun: number | undefined;
  /** When the last pass began in which every generator answered, if that was after the last good one. */
  lastAsked: number | undefined;
  /** Why the set is due beside time. */
  cause: Cause = 'none';
  #handled: Pick<StoredSet, 'generation' | 'triggers'> | undefined;
  #ended: Ending | undefined;
  /** Whether every generator was to be asked and has not answered yet. */
  #owesAll = false;
  readonly #leaving = new AbortController();

  /** `onDue` is called when something that the set depends on has changed; `texts` are shared by all sets. */
  constructor(
    uid: string,
    { monotonic, onDue, texts }: { monotonic(): number; onDue(): void; readonly texts?: RecentTexts },
  ) {
    this.uid = uid;
    this.memory = new ElementMemory(monotonic);
    this.pace = new ChangePace(monotonic);
    this.applied = new AppliedObjects({
      onDrift: () => {
        if (this.cause === 'none') this.cause = 'drift';
        onDue();
      },
      ...(texts && { texts }),
    });
    this.references = new WatchedReferences((use) => {
      // Once a pass has ended, only one that waits is concerned.
      if (use === 'depend' && this.#ended !== undefined && this.#ended !== 'waiting') return;
      if (use === 'generate') this.cause = 'all';
      if (use === 'target' && this.cause === 'none') this.cause = 'drift';
      onDue();
    });
  }

  /** Aborted when the object is being deleted, or is gone. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** The object is being deleted, or is gone: a pass that is under way for it is dropped. */
  leave(): void {
    this.#leaving.abort();
  }

  /** Whether the object says something that no pass has been for. */
  isChanged({ generation, triggers }: StoredSet): boolean {
    return this.#handled?.generation !== generation || this.#handled.triggers !== triggers;
  }

  /** Whether nothing is known of an earlier pass: the process is new, or the object. */
  get isNew(): boolean {
    return this.#handled === undefined;
  }

  /** How the last pass ended; undefined: there was none, or it was cut off. */
  get ended(): Ending | undefined {
    return this.#ended;
  }

  /** Takes over from an earlier process, whose last good pass was for this object. */
  restore(stored: StoredSet, lastRun: number): void {
    this.#handled = stored;
    this.#ended = 'well';
    this.lastRun = lastRun;
  }

  /**
   * A pass begins; says whether it must ask every generator, because that is wanted, or was and has failed. What
   * changes from now on is for the next.
   */
  begin(stored: StoredSet, wantsAll = false): boolean {
    this.#owesAll ||= wantsAll || this.cause === 'all' || this.isChanged(stored);
    this.#handled = { generation: stored.generation, triggers: stored.triggers };
    this.#ended = undefined;
    if (this.cause === 'all') this.pace.take();
    this.cause = 'none';
    return this.#owesAll;
  }

  /**
   * Every generator has given its elements, those that were to be asked by an answer; the pass began at `begunAt`, in
   * milliseconds of the epoch.
   */
  generated(begunAt: number): void {
    if (this.#owesAll) this.lastAsked = begunAt;
    this.#owesAll = false;
  }

  /** A pass has ended; `begunAt` in milliseconds of the epoch where it went well. */
  end(ending: Ending, begunAt?: number): void {
    this.#ended = ending;
    if (begunAt === undefined) return;
    this.lastRun = begunAt;
    this.lastAsked = undefined;
  }

  /** The set is suspended: what was applied is watched no more, and a later pass begins anew. */
  pause(): void {
    this.#handled = undefined;
    this.release();
  }

  /** What cannot be watched, in a sentence; undefined: nothing. */
  unwatched(): string | undefined {
    const parts = [this.applied.unwatched(), ...this.references.unwatched()].filter(
      (part) => part !== undefined,
    );
    return parts.length === 0 ? undefined : `may not be watched: ${parts.join(', ')}`;
  }

  release(): void {
    this.applied.release();
    this.references.release();
  }
}
