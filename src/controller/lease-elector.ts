import { isConflict, isNotFound } from '../clients/cluster/api-error.ts';
import { type ClusterClient, type Fence, NotLeaderError } from '../clients/cluster/cluster-client.ts';
import type { Logger } from '../lib/logger.ts';
import { claimLease, isReleased, type Lease, microTime, RELEASED, readLease } from './lease.ts';
import {
  acquireTimeout,
  checkLeaseTiming,
  JITTER_FACTOR,
  type LeaseTiming,
  renewTimeout,
} from './lease-timing.ts';

/** The clocks of an election. */
export interface ElectionClock {
  /** Milliseconds that only ever go forward. All decisions are made by it. */
  monotonic(): number;
  /** Milliseconds since 1970; for people who read the Lease, and for nothing else. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted; never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface ElectorOptions extends LeaseTiming {
  /** A client without a fence: the election decides what the fence says. */
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly name: string;
  /** No other process has ever had it: `<host>_<uuid>`. */
  readonly identity: string;
  readonly clock: ElectionClock;
  /** From 0 to 1, for jitter only. */
  random(): number;
  readonly log: Logger;
  /** This process leads from now on; the signal is aborted when that ends. */
  onStarted(signal: AbortSignal): void;
  /** This process leads no more. The fence is closed already. */
  onStopped?(): void;
  /** Whether to stand again after the leadership was lost; default false: whoever lost it had better begin anew. */
  readonly campaignAgain?: boolean;
}

/** Asked to stop, with the Lease released if it was held; or the leadership was lost. */
export type ElectionEnd = 'stopped' | 'lost';

/** Claims sent whose fate is unknown. */
const MAX_UNKNOWN = 20;

/** The Lease as this process saw it last. */
interface Sight {
  /** Undefined: there was none. */
  readonly lease: Lease | undefined;
  /** When it was first seen like this, on the monotonic clock. */
  readonly since: number;
}

/**
 * Elects one leader among processes by a Lease, as client-go does, and says by its fence how long the leader may
 * write. A leader may until `renewDeadline` after the start of its last successful renewal, by its own monotonic
 * clock; others take over `leaseDuration` after the last change of the Lease that they saw, by theirs. The renewal
 * began before its change could be seen, so that the two never overlap, whatever stops, blocks or cuts off a leader.
 * Times written in the Lease are never compared.
 */
export class LeaseElector {
  readonly #options: ElectorOptions;
  readonly #path: { readonly collection: string; readonly lease: string };
  #sight: Sight | undefined;
  /** Start of the last successful write of the present leadership. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #acquireTime = '';
  #transitions = 0;
  /** By their renew times: the claim that the server took last, and those sent since whose fate is unknown. */
  #claims: string[] = [];

  /** Throws a RangeError for durations that cannot work together, and for an empty identity. */
  constructor(options: ElectorOptions) {
    checkLeaseTiming(options);
    if (options.identity === '') throw new RangeError('a candidate of the leader election needs an identity');
    this.#options = options;
    const { namespace, name } = options;
    const collection = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
    this.#path = { collection, lease: `${collection}/${encodeURIComponent(name)}` };
  }

  /** Milliseconds for which this process may write; throws a NotLeaderError when it may not. Asks the clock alone. */
  readonly fence: Fence = () => {
    const left = this.#timeLeft();
    if (!(left > 0)) throw new NotLeaderError();
    return left;
  };

  /** Who holds the Lease, as far as is known; empty: nobody. */
  get holder(): string {
    return this.#sight?.lease?.holder ?? '';
  }

  /** The number of the present leadership: how often the Lease had changed hands. */
  get transitions(): number {
    return this.#transitions;
  }

  /**
   * Stands for election and leads, until the signal is aborted: then the Lease is released, so that another need
   * not wait. Abort it only when the work is drained. API servers that cannot be reached are no reason to give up.
   */
  async run(signal: AbortSignal): Promise<ElectionEnd> {
    const { log, identity, campaignAgain = false } = this.#options;
    do {
      log.info('standing for leader election', { identity });
      if (!(await this.#acquire(signal))) return 'stopped';
      log.info('became the leader', { identity, transitions: this.transitions });
      if ((await this.#lead(signal)) === 'stopped') {
        await this.#release();
        return 'stopped';
      }
      log.error('leader election lost', { identity, holder: this.holder });
      // What it began as the leader may be under way yet: it waits as others do.
      this.#claims = [];
    } while (campaignAgain);
    return 'lost';
  }

  /** Whether the Lease was acquired; false when the signal was aborted before. */
  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, retryPeriod, random } = this.#options;
    while (!signal.aborted) {
      if (await this.#tryTo('acquire', () => this.#acquireOnce(signal), signal)) return true;
      await clock.sleep(retryPeriod * (1 + JITTER_FACTOR * random()), signal);
    }
    return false;
  }

  async #acquireOnce(signal: AbortSignal): Promise<boolean> {
    const lease = await this.#read(signal);
    if (this.#untilFree() > 0) return false;
    // Where the server's answer was lost, it is the same leadership that goes on.
    const isNew = !lease || !this.#isOwn(lease);
    if (isNew) this.#acquireTime = microTime(this.#options.clock.now());
    const isFirst = !lease && this.#sight?.since === Number.NEGATIVE_INFINITY;
    return this.#write(lease, isNew && !isFirst ? this.#transitions + 1 : this.#transitions, signal);
  }

  async #lead(signal: AbortSignal): Promise<ElectionEnd> {
    const leadership = new AbortController();
    const { clock, retryPeriod, onStarted, onStopped } = this.#options;
    try {
      onStarted(leadership.signal);
      for (;;) {
        await clock.sleep(Math.max(0, Math.min(retryPeriod, this.#timeLeft())), signal);
        if (signal.aborted) return 'stopped';
        if (this.#timeLeft() <= 0) return 'lost';
        await this.#tryTo('renew', () => this.#renew(signal), signal);
      }
    } finally {
      this.#renewedAt = Number.NEGATIVE_INFINITY;
      leadership.abort(new NotLeaderError());
      onStopped?.();
    }
  }

  /** Mostly one request: what was seen last is what is there. */
  async #renew(signal: AbortSignal): Promise<boolean> {
    const before = this.#sight?.lease;
    if (before && (await this.#write(before, this.#transitions, signal))) return true;
    const lease = await this.#read(signal);
    // Deleted by hand: others that knew it wait as long as if it were there.
    if (!lease) return this.#write(undefined, this.#transitions, signal);
    if (this.#isOwn(lease)) return this.#write(lease, this.#transitions, signal);
    this.#renewedAt = Number.NEGATIVE_INFINITY;
    return false;
  }

  /** Best effort: a Lease that cannot be released runs out. */
  async #release(): Promise<void> {
    const { signal } = new AbortController();
    await this.#tryTo(
      'release',
      async () => {
        const lease = await this.#read(signal);
        if (!lease || !this.#isOwn(lease)) return false;
        return this.#write(lease, this.#transitions, signal, RELEASED);
      },
      signal,
    );
  }

  async #tryTo(what: string, action: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    try {
      return await action();
    } catch (error) {
      const { log, namespace, name } = this.#options;
      if (!signal.aborted) log.error(`cannot ${what} the lease ${namespace}/${name}`, { error });
      return false;
    }
  }

  /** Milliseconds until this process may take the Lease; 0 or less: now. */
  #untilFree(): number {
    const { lease, since } = this.#sight as Sight;
    const { leaseDuration, clock } = this.#options;
    if (lease && (isReleased(lease) || this.#isOwn(lease))) return 0;
    return since + Math.max(leaseDuration, lease?.duration ?? 0) - clock.monotonic();
  }

  /** Not by its name alone: somebody else may have written it there while another still leads. */
  #isOwn({ holder, renewTime }: Lease): boolean {
    return holder === this.#options.identity && this.#claims.includes(renewTime);
  }

  /** The Lease as it is now; undefined when there is none. */
  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const timeout = this.#timeout();
    const request = { method: 'GET', path: this.#path.lease, timeout } as const;
    const object = await this.#options.client.request(request, signal).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    return this.#see(object && readLease(object));
  }

  /** Whether the server took the claim; false where the Lease was no longer as it was seen. */
  async #write(
    before: Lease | undefined,
    transitions: number,
    signal: AbortSignal,
    claim: { readonly holder: string; readonly duration: number } = {
      holder: this.#options.identity,
      duration: this.#options.leaseDuration,
    },
  ): Promise<boolean> {
    const { client, clock, namespace, name } = this.#options;
    const renewTime = microTime(clock.now());
    const times = { acquireTime: this.#acquireTime, renewTime, transitions };
    const body = claimLease({ ...claim, ...times }, { namespace, name, before: before?.object });
    const request = before
      ? ({ method: 'PUT', path: this.#path.lease } as const)
      : ({ method: 'POST', path: this.#path.collection } as const);
    // Whoever cannot be told for long forgets the oldest: that costs a wait at most.
    this.#claims = [...this.#claims.slice(-MAX_UNKNOWN), renewTime];
    const start = clock.monotonic();
    try {
      const timeout = this.#timeout();
      this.#see(readLease(await client.request({ ...request, body, timeout }, signal)));
    } catch (error) {
      // 409 on both: changed since, or made by another; 404: deleted since.
      if (!isConflict(error) && !isNotFound(error)) throw error;
      this.#claims.pop();
      return false;
    }
    this.#claims = [renewTime];
    if (claim.holder !== '') this.#renewedAt = start;
    return true;
  }

  /** Remembers since when the Lease has been as it is. */
  #see(lease: Lease | undefined): Lease | undefined {
    const before = this.#sight;
    const now = this.#options.clock.monotonic();
    if (lease) this.#transitions = lease.transitions;
    // A cluster that never had this Lease has no leader, either.
    if (!before) this.#sight = { lease, since: lease ? now : Number.NEGATIVE_INFINITY };
    else if (before.lease?.version !== lease?.version) this.#sight = { lease, since: now };
    return lease;
  }

  #timeout(): number {
    const leads = this.#renewedAt !== Number.NEGATIVE_INFINITY;
    return leads ? renewTimeout(this.#options) : acquireTimeout(this.#options);
  }

  #timeLeft(): number {
    const { renewDeadline, clock } = this.#options;
    return this.#renewedAt + renewDeadline - clock.monotonic();
  }
}
