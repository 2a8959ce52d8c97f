import { ApiError } from '../../src/clients/cluster/api-error.ts';
import type { ApiRequest, ClusterClient } from '../../src/clients/cluster/cluster-client.ts';
import { LeaseElector } from '../../src/controller/lease-elector.ts';
import { LEASE_TIMING } from '../../src/controller/lease-timing.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';

/** A write as the simulated server received it. */
export interface SimulatedWrite {
  readonly at: number;
  /** One for each leadership. */
  readonly reign: string;
}

interface Moment {
  readonly at: number;
  readonly order: number;
  act(): void;
}

/** Milliseconds between two writes of a leader. */
const WRITE_PERIOD = 400;

/**
 * Processes that elect a leader on one simulated server, in simulated time: minutes of pauses, cuts and edits take
 * milliseconds, and every moment can be reached. Real servers are asked elsewhere.
 */
export class SimulatedElection {
  time = 0;
  lease: JsonObject | undefined;
  readonly writes: SimulatedWrite[] = [];
  readonly processes: SimulatedProcess[] = [];
  /** From 0 to 1. */
  readonly random: () => number;
  /** The server answers nobody before. */
  downUntil = 0;
  readonly #moments: Moment[] = [];
  #order = 0;
  #version = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  /** Starts a process that stands for election, and writes while it leads. */
  start(): SimulatedProcess {
    const process = new SimulatedProcess(this, `p${this.processes.length}`);
    this.processes.push(process);
    return process;
  }

  at(time: number, act: () => void): void {
    this.#moments.push({ at: Math.max(time, this.time), order: this.#order++, act });
  }

  /** Lets time pass. What promises bring about at one moment happens before the next. */
  async runUntil(end: number): Promise<void> {
    for (;;) {
      this.#moments.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#moments[0];
      if (!next || next.at > end) break;
      this.#moments.shift();
      this.time = next.at;
      next.act();
      await new Promise(setImmediate);
    }
    this.time = end;
  }

  /** What the server does with a request about the Lease. */
  handle({ method, body }: ApiRequest): JsonObject {
    if (method === 'GET') return this.lease ?? refuse(404);
    if (method === 'POST')
      return this.lease ? refuse(409) : this.edit((body as JsonObject)['spec'] as JsonObject);
    if (!this.lease) return refuse(404);
    if (versionOf(body as JsonObject) !== versionOf(this.lease)) return refuse(409);
    return this.edit((body as JsonObject)['spec'] as JsonObject);
  }

  /** Writes the Lease as somebody with `kubectl edit` does. */
  edit(spec: JsonObject): JsonObject {
    this.lease = { metadata: { uid: 'u', resourceVersion: String(++this.#version) }, spec };
    return this.lease;
  }
}

/** One process: it can be stopped by a debugger, cut off from the server, and killed. */
export class SimulatedProcess {
  readonly identity: string;
  readonly elector: LeaseElector;
  readonly ended: Promise<string>;
  reigns = 0;
  leads = false;
  pausedUntil = 0;
  cutUntil = 0;
  killed = false;
  /** Aborted: the process has done its work. */
  readonly stop = new AbortController();
  /** It begins no write any more. */
  isDraining = false;
  #lastArrival = 0;
  readonly #world: SimulatedElection;

  constructor(world: SimulatedElection, identity: string) {
    this.#world = world;
    this.identity = identity;
    this.elector = new LeaseElector({
      ...LEASE_TIMING,
      client: this.#client(),
      namespace: 'flux-system',
      name: 'generatorset',
      identity,
      random: world.random,
      log: silentLogger,
      campaignAgain: true,
      clock: {
        monotonic: () => world.time,
        now: () => 1_700_000_000_000 + world.time,
        sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal),
      },
      onStarted: (signal) => {
        this.leads = true;
        this.reigns++;
        this.#write(`${identity}.${this.reigns}`, signal);
      },
      onStopped: () => {
        this.leads = false;
      },
    });
    this.ended = this.elector.run(this.stop.signal);
  }

  /** As SIGTERM does: the writes under way are waited for, and then the Lease is given back. */
  drain(): void {
    this.isDraining = true;
    this.#when(Math.max(this.#world.time, this.#lastArrival), () => this.stop.abort());
  }

  /** Calls as soon as the process runs: never, if it was killed. */
  #when(time: number, act: () => void): void {
    this.#world.at(time, () => {
      if (this.killed) return;
      if (this.pausedUntil > this.#world.time) this.#when(this.pausedUntil, act);
      else act();
    });
  }

  #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.#when(this.#world.time + milliseconds, resolve);
    });
  }

  /** Ends with the leadership; until that is noticed, the fence alone holds it. */
  #write(reign: string, signal: AbortSignal): void {
    this.#when(this.#world.time + WRITE_PERIOD, () => {
      if (signal.aborted) return;
      if (!this.isDraining && mayWrite(this.elector)) this.#send(reign);
      this.#write(reign, signal);
    });
  }

  #send(reign: string): void {
    const world = this.#world;
    const arrival = world.time + this.#latency();
    if (this.cutUntil > world.time) return;
    this.#lastArrival = Math.max(this.#lastArrival, arrival);
    world.at(arrival, () => world.writes.push({ at: arrival, reign }));
  }

  #client(): ClusterClient {
    const client: ClusterClient = {
      user: undefined,
      request: (request) => this.#request(request),
      stream: () => Promise.reject(new Error('the election needs no watch')),
      as: () => client,
    };
    return client;
  }

  /** The way there and the way back can both fail: the server may have done what it was asked. */
  #request(request: ApiRequest): Promise<JsonObject> {
    const world = this.#world;
    return new Promise((resolve, reject) => {
      const timeout = world.time + (request.timeout as number);
      this.#when(timeout, () => reject(new Error('timed out')));
      if (this.#isCut()) return;
      world.at(world.time + this.#latency(), () => {
        const settle = answer(() => world.handle(request), resolve, reject);
        if (!this.#isCut()) this.#when(world.time + this.#latency(), settle);
      });
    });
  }

  #isCut(): boolean {
    return this.cutUntil > this.#world.time || this.#world.downUntil > this.#world.time;
  }

  /** Milliseconds; two of them are less than what lies between the renew deadline and the lease duration. */
  #latency(): number {
    return 1 + 2000 * this.#world.random() ** 4;
  }
}

function answer(
  handle: () => JsonObject,
  resolve: (object: JsonObject) => void,
  reject: (error: unknown) => void,
): () => void {
  try {
    const object = handle();
    return () => resolve(object);
  } catch (error) {
    return () => reject(error);
  }
}

function mayWrite(elector: LeaseElector): boolean {
  try {
    return elector.fence() > 0;
  } catch {
    return false;
  }
}

function versionOf(object: JsonObject): string {
  return (object['metadata'] as JsonObject)['resourceVersion'] as string;
}

function refuse(status: number): never {
  throw new ApiError('refused', { status, reason: '' });
}

/** Writes of a leadership that were received after the first write of a later one. */
export function lateWrites(writes: readonly SimulatedWrite[]): SimulatedWrite[] {
  const over = new Set<string>();
  let reign = '';
  const late: SimulatedWrite[] = [];
  for (const write of writes) {
    if (over.has(write.reign)) late.push(write);
    else if (write.reign !== reign) {
      if (reign !== '') over.add(reign);
      reign = write.reign;
    }
  }
  return late;
}
