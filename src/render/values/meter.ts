/** A bound of a render that was reached. No function answers it with a value of its own. */
export class LimitFault extends Error {}

/** Units of work between two looks at the clock. A unit is about one character that is looked at. */
const QUANTUM = 50_000;

/** How long a render may take. */
interface TimeLimit {
  readonly milliseconds: number;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
}

/**
 * A render is synchronous, so there is one at a time. Without any, work is counted and never refused. Its time begins
 * at the first look at the clock, for most renders end before that; fuel goes on from one render to the next.
 */
const meter = {
  fuel: QUANTUM,
  isStarted: true,
  deadline: Number.POSITIVE_INFINITY,
  milliseconds: 0,
  clock: () => 0,
};

/** When the renders that run inside of `withTimeLimit` must have ended, all of them. */
const together = { deadline: Number.POSITIVE_INFINITY };

/** Runs many renders that may take so long together, by the clock that they have themselves. */
export function withTimeLimit<T>(
  { milliseconds, clock }: TimeLimit,
  action: (isOver: () => boolean) => T,
): T {
  const outer = together.deadline;
  const deadline = Math.min(outer, clock() + milliseconds);
  together.deadline = deadline;
  try {
    return action(() => clock() > deadline);
  } finally {
    together.deadline = outer;
  }
}

/** Begins a render: from now on its work is counted. */
export function startMeter({ milliseconds, clock }: TimeLimit): void {
  meter.isStarted = false;
  meter.milliseconds = milliseconds;
  meter.clock = clock;
}

/** Ends a render: functions that are called outside of any have no time limit. */
export function stopMeter(): void {
  meter.isStarted = true;
  meter.deadline = Number.POSITIVE_INFINITY;
}

/** Counts work before it is done. Throws when the render has taken too long. */
export function spend(units: number): void {
  meter.fuel -= units;
  if (meter.fuel < 0) checkTime();
}

/** Throws when the render has taken too long, or all renders together. */
export function checkTime(): void {
  meter.fuel = QUANTUM;
  startTime();
  if (meter.clock() <= meter.deadline) return;
  meter.fuel = 0;
  const isAll = meter.deadline === together.deadline;
  throw new LimitFault(
    isAll ? 'all renders took too long together' : `took longer than ${meter.milliseconds} ms`,
  );
}

/** Does work that is bounded in another way: the render gets back the time that it takes, though not all renders together. */
export function withoutTime<T>(action: () => T): T {
  startTime();
  const begin = meter.clock();
  try {
    return action();
  } finally {
    meter.deadline = Math.min(meter.deadline + meter.clock() - begin, together.deadline);
  }
}

function startTime(): void {
  if (meter.isStarted) return;
  meter.isStarted = true;
  meter.deadline = Math.min(meter.clock() + meter.milliseconds, together.deadline);
}
