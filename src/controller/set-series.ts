/** Flux's buckets, in seconds: ten from a hundredth to half an hour, each as many times the one before. */
const BOUNDS = Array.from({ length: 10 }, (_, index) => 0.01 * (1800 / 0.01) ** (index / 9));

const DURATION = 'gotk_reconcile_duration_seconds';
const INFO = 'generatorset_resource_info';
const HEADERS = {
  duration: `# HELP ${DURATION} The duration in seconds of a GitOps Toolkit resource reconciliation.\n# TYPE ${DURATION} histogram\n`,
  info: `# HELP ${INFO} The state of each GeneratorSet, always 1.\n# TYPE ${INFO} gauge\n`,
};

/** Labels and their values, in the order in which they are written. */
type Labels = Readonly<Record<string, string>>;

/** How long the passes of one set took. */
interface Durations {
  readonly labels: Labels;
  /** How many went into each bucket; the last is for what took longer than all. */
  readonly counts: Uint32Array;
  sum: number;
}

/**
 * The series of which each set has its own. prom-client makes objects for every line of them, with each reading.
 */
export class SetSeries {
  readonly #durations = new Map<string, Durations>();
  readonly #infos = new Map<string, Labels>();

  /** A pass over a set took so many seconds. */
  observe(key: string, labels: Labels, seconds: number): void {
    const known = this.#durations.get(key);
    const durations = known ?? { labels, counts: new Uint32Array(BOUNDS.length + 1), sum: 0 };
    if (!known) this.#durations.set(key, durations);
    const index = BOUNDS.findIndex((bound) => seconds <= bound);
    const bucket = index < 0 ? BOUNDS.length : index;
    durations.counts[bucket] = (durations.counts[bucket] as number) + 1;
    durations.sum += seconds;
  }

  /** The state of a set, in place of what was said of it before. */
  describe(key: string, labels: Labels): void {
    this.#infos.set(key, labels);
  }

  /** The set is gone. */
  forget(key: string): void {
    this.#durations.delete(key);
    this.#infos.delete(key);
  }

  /** All series in Prometheus' text format, in parts: https://prometheus.io/docs/instrumenting/exposition_formats/ */
  *parts(): Iterable<string> {
    yield HEADERS.duration;
    yield* inParts(this.#durations.values(), durationText);
    yield HEADERS.info;
    yield* inParts(this.#infos.values(), (labels) => `${INFO}{${labelText(labels)}} 1\n`);
  }
}

/** Items whose texts make one part. */
const PART = 50;

function* inParts<Item>(items: Iterable<Item>, toText: (item: Item) => string): Iterable<string> {
  let texts: string[] = [];
  for (const item of items) {
    texts.push(toText(item));
    if (texts.length < PART) continue;
    yield texts.join('');
    texts = [];
  }
  yield texts.join('');
}

function durationText({ labels, counts, sum }: Durations): string {
  const text = labelText(labels);
  let total = 0;
  let lines = '';
  for (const [index, count] of counts.entries()) {
    total += count;
    lines += `${DURATION}_bucket{le="${BOUNDS[index] ?? '+Inf'}",${text}} ${total}\n`;
  }
  lines += `${DURATION}_sum{${text}} ${sum}\n${DURATION}_count{${text}} ${total}\n`;
  // Bytes: a text that was put together keeps all its pieces until somebody reads it.
  return Buffer.from(lines).toString();
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',');
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
