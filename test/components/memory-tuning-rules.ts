import { isDeepStrictEqual } from 'node:util';
import { DAY, DAYS, FIRST_DAY, MI, PASS_TIME, PODS, samplesOf } from './memory-tuning-usage.ts';

/** The window of the example's queries. */
const WINDOW = 7 * DAY;

/** One entry of the example's `spec.tune` in plain numbers: MiB, shares of one, days. */
interface Rules {
  readonly margin: number;
  readonly min: number;
  readonly max: number;
}

const LIMIT: Rules = { margin: 0.2, min: 64, max: 2048 };
const REQUEST: Rules = { margin: 0.1, min: 32, max: 2048 };
/** What both have in common. */
const MIN_CHANGE = 0.1;
const COOLDOWN_DAYS = 71 / 24;
const MAX_DECREASE = 0.25;
const ROUND_UP = 16;

/** A value in MiB, and on which day it was decided. */
interface Standing {
  readonly value: number;
  readonly since: number;
}

/** Both values of one container. */
interface Decided {
  readonly limit: Standing;
  readonly request: Standing;
}

/** The memory of one container in MiB. */
export interface Memory {
  readonly limit: number;
  readonly request: number;
}

/** The commit of one day: the containers whose files changed, and the memory of all. */
export interface DayOfChange {
  readonly day: number;
  readonly changed: readonly string[];
  readonly containers: Readonly<Record<string, Memory>>;
}

/** The days on which the rules imply a change, with every value; a day on which nobody answers changes nothing. */
export function expectedCommits({ days = DAYS, silentDays = [] as readonly number[] } = {}): DayOfChange[] {
  const decided = new Map<string, Decided>();
  const commits: DayOfChange[] = [];
  for (let day = 0; day < days; day++) {
    if (silentDays.includes(day)) continue;
    const changed: string[] = [];
    let isChange = false;
    for (const [container, { peak, typical }] of usageOn(day)) {
      const before = decided.get(container);
      const after = {
        limit: decideByHand(peak, { before: before?.limit, day, rules: LIMIT }),
        request: decideByHand(typical, { before: before?.request, day, rules: REQUEST }),
      };
      decided.set(container, after);
      isChange ||= after.limit !== before?.limit || after.request !== before?.request;
      if (!before || !isDeepStrictEqual(toMemory(after), toMemory(before))) changed.push(container);
    }
    if (!isChange) continue;
    const containers = [...decided].map(([container, it]) => [container, toMemory(it)] as const);
    commits.push({ day, changed: changed.sort(), containers: Object.fromEntries(containers) });
  }
  return commits;
}

/** What stands in the file: never a request above the limit. */
function toMemory({ limit, request }: Decided): Memory {
  return { limit: limit.value, request: Math.min(request.value, limit.value) };
}

/** The rules as docs tell them, in their order: margin, dead band, cooldown, largest decrease, rounding, bounds. */
function decideByHand(
  usage: number,
  { before, day, rules }: { before: Standing | undefined; day: number; rules: Rules },
): Standing {
  let value = usage * (1 + rules.margin);
  refuseEdges(value, before?.value);
  if (before) {
    const isSmall = Math.abs(value - before.value) < MIN_CHANGE * before.value;
    const isEarly = value < before.value && day - before.since < COOLDOWN_DAYS;
    if (isSmall || isEarly) value = before.value;
    value = Math.max(value, before.value * (1 - MAX_DECREASE));
  }
  value = Math.ceil(value / ROUND_UP) * ROUND_UP;
  value = Math.min(Math.max(value, rules.min), rules.max);
  return before?.value === value ? before : { value, since: day };
}

/** Doubles are as good as exact numbers only away from where a rule turns. */
function refuseEdges(value: number, before: number | undefined): void {
  const toStep = Math.abs(value / ROUND_UP - Math.round(value / ROUND_UP));
  const toBand = before === undefined ? 1 : Math.abs(Math.abs(value / before - 1) - MIN_CHANGE);
  if (toStep < 1e-6 || toBand < 1e-6) throw new Error(`the made-up usage ${value} is on an edge`);
}

/** MiB by container, as the example's two queries give them at the time of that day's pass. */
function usageOn(day: number): Map<string, { peak: number; typical: number }> {
  const end = FIRST_DAY + day * DAY + PASS_TIME;
  const found = new Map<string, { peak: number; typical: number }>();
  for (const pod of PODS) {
    const values = [...samplesOf(pod)]
      .filter(([seconds]) => seconds > end - WINDOW && seconds <= end)
      .map(([, bytes]) => bytes / MI)
      .sort((one, other) => one - other);
    const peak = values.at(-1);
    if (peak === undefined) continue;
    const { peak: highest = 0, typical = 0 } = found.get(pod.container) ?? {};
    found.set(pod.container, {
      peak: Math.max(highest, peak),
      typical: Math.max(typical, quantile(values, 0.9)),
    });
  }
  return found;
}

/** Between the two nearest values, as Prometheus' quantile_over_time has it. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)] ?? 0;
  const upper = sorted[Math.ceil(rank)] ?? lower;
  return lower + (upper - lower) * (rank - Math.floor(rank));
}
