import { BOUNDS, FAMILIES } from './set-families.ts';
import type { GeneratorHealth, SetInfo, SetRecord, TunedSeries } from './set-record.ts';

/** A set, as labels name it. */
export interface SetName {
  readonly namespace: string;
  readonly name: string;
}

/** What a pass has delivered. */
export interface Delivery {
  readonly changes: Readonly<Record<'created' | 'configured' | 'deleted', number>>;
  /** Seconds of the epoch. */
  readonly at: number;
}

/** Tuned values that have series, of one set and of all. */
interface TunedLimits {
  readonly perSet: number;
  readonly inAll: number;
}

const TUNED_LIMITS: TunedLimits = { perSet: 100, inAll: 50_000 };

/**
 * The series of which each set has its own. prom-client makes objects for every line of them, with each reading. Sets
 * that were not described, or were forgotten, have none: a pass may end after its set.
 */
export class SetSeries {
  readonly #records = new Map<string, SetRecord>();
  readonly #limits: TunedLimits;
  /** Tuned values that have series now. */
  #tuned = 0;

  constructor(limits = TUNED_LIMITS) {
    this.#limits = limits;
  }

  /** The state of a set, in place of what was said of it before; from now on it has series. */
  describe(set: SetName, info: SetInfo): void {
    const known = this.#find(set);
    if (known) known.info = info;
    else this.#records.set(keyOf(set), { namespace: set.namespace, name: set.name, info });
  }

  /** A pass over a set took so many seconds. */
  observe(set: SetName, seconds: number): void {
    const record = this.#find(set);
    if (!record) return;
    record.durations ??= { counts: new Uint32Array(BOUNDS.length + 1), sum: 0 };
    const { durations } = record;
    const index = BOUNDS.findIndex((bound) => seconds <= bound);
    const bucket = index < 0 ? BOUNDS.length : index;
    durations.counts[bucket] = (durations.counts[bucket] as number) + 1;
    durations.sum += seconds;
  }

  /** The generators of a set. What is known of them is kept where they stand as they stood, else it is theirs. */
  setGenerators(set: SetName, generators: readonly GeneratorHealth[]): void {
    const record = this.#find(set);
    if (!record) return;
    const before = record.generators ?? [];
    record.generators = generators.map((health, position) => {
      const known = before[position];
      const isSame = known?.generator === health.generator && known.type === health.type;
      if (!isSame) return health;
      const { healthy, duration, lastSuccess } = known;
      return Object.assign(health, withoutUndefined({ healthy, duration, lastSuccess }));
    });
  }

  /** What one of them came to, by its place. */
  ran(set: SetName, position: number, run: Omit<GeneratorHealth, 'generator' | 'type' | 'interval'>): void {
    const health = this.#find(set)?.generators?.[position];
    if (health) Object.assign(health, run);
  }

  /** The tuned values of a set, in place of those before; those for which there is no room are only counted. */
  setTuned(set: SetName, tuned: readonly TunedSeries[]): void {
    const record = this.#find(set);
    if (!record) return;
    this.#tuned -= record.tuned?.length ?? 0;
    const room = Math.max(0, Math.min(this.#limits.perSet, this.#limits.inAll - this.#tuned));
    const kept = tuned.slice(0, room);
    record.tuned = kept;
    record.omitted = tuned.length - kept.length;
    this.#tuned += kept.length;
  }

  /** A pass over a set has ended: it delivers to this target (`git`, `directory` or `apply`), and may have delivered something. */
  passed(set: SetName, target: string, delivery?: Delivery): void {
    const record = this.#find(set);
    if (!record) return;
    // The first delivery is an increase, from 0.
    record.deliveries ??= { counts: {}, changes: { created: 0, configured: 0, deleted: 0 } };
    const { deliveries } = record;
    deliveries.counts[target] = (deliveries.counts[target] ?? 0) + (delivery ? 1 : 0);
    if (!delivery) return;
    deliveries.last = delivery.at;
    for (const action of ['created', 'configured', 'deleted'] as const)
      deliveries.changes[action] += delivery.changes[action];
  }

  /** The set is gone. */
  forget(set: SetName): void {
    this.#tuned -= this.#find(set)?.tuned?.length ?? 0;
    this.#records.delete(keyOf(set));
  }

  /** All series in Prometheus' text format, in parts. */
  *parts(): Iterable<string> {
    for (const family of FAMILIES) {
      yield `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
      yield* inParts(this.#records.values(), (record) => family.lines(record, family.name));
    }
  }

  #find(set: SetName): SetRecord | undefined {
    return this.#records.get(keyOf(set));
  }
}

/** Items whose texts make one part. */
const PART = 50;

function* inParts<Item>(items: Iterable<Item>, toText: (item: Item) => string): Iterable<string> {
  let texts: string[] = [];
  for (const item of items) {
    const text = toText(item);
    if (text === '') continue;
    texts.push(text);
    if (texts.length < PART) continue;
    yield texts.join('');
    texts = [];
  }
  if (texts.length > 0) yield texts.join('');
}

function keyOf({ namespace, name }: SetName): string {
  return `${namespace}/${name}`;
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
