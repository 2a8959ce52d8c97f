import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StandingClock } from '../../test/harness/queue-clock.ts';
import { WorkQueue } from './work-queue.ts';

interface Waiting {
  readonly key: string;
  readonly since: number;
  change: boolean;
  order: number;
}

/** What a queue is, said as simply as possible: all in lists, searched from the front. */
class Model {
  time = 0;
  waiting: Waiting[] = [];
  readonly working = new Set<string>();
  readonly again = new Map<string, { change: boolean; since: number }>();
  readonly delayed = new Map<string, number>();
  #lastByTime = false;
  #orders = 0;

  add(key: string, change: boolean, since = this.time): void {
    if (this.working.has(key)) {
      const known = this.again.get(key);
      this.again.set(key, { change: change || (known?.change ?? false), since: known?.since ?? since });
      return;
    }
    const known = this.waiting.find((one) => one.key === key);
    const order = this.#orders++;
    if (!known) this.waiting.push({ key, change, since, order });
    else if (change && !known.change) Object.assign(known, { change, order });
  }

  addAfter(key: string, wait: number): void {
    if (wait <= 0) this.add(key, false);
    else this.delayed.set(key, Math.min(this.delayed.get(key) ?? Number.POSITIVE_INFINITY, this.time + wait));
  }

  advance(by: number): void {
    this.time += by;
    const coming = [...this.delayed].filter(([, at]) => at <= this.time).sort((a, b) => a[1] - b[1]);
    for (const [key, at] of coming) {
      this.delayed.delete(key);
      this.add(key, false, Math.ceil(at));
    }
  }

  get(): string | undefined {
    const first = (change: boolean) =>
      this.waiting.filter((one) => one.change === change).sort((a, b) => a.order - b.order)[0];
    const [change, time] = [first(true), first(false)];
    const isOld = time !== undefined && this.time - time.since >= 30_000 && !this.#lastByTime;
    const next = isOld ? time : (change ?? time);
    if (!next) return undefined;
    this.#lastByTime = !next.change;
    this.waiting = this.waiting.filter((one) => one !== next);
    this.working.add(next.key);
    return next.key;
  }

  done(key: string): void {
    if (!this.working.delete(key)) return;
    const again = this.again.get(key);
    this.again.delete(key);
    if (again) this.add(key, again.change, again.since);
  }
}

interface Real {
  readonly queue: WorkQueue;
  readonly clock: StandingClock;
}

type Step = fc.AsyncCommand<Model, Real>;

/** One thing that is asked of both; what it comes to is compared after each. */
function step(name: string, run: (model: Model, real: Real) => void | Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      assert.equal(real.queue.length, model.waiting.length);
      assert.equal(real.queue.working, model.working.size);
    },
    toString: () => name,
  };
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');

const steps: fc.Arbitrary<Step>[] = [
  fc.tuple(key, fc.boolean()).map(([one, change]) =>
    step(`add(${one}, ${change})`, (model, { queue }) => {
      queue.add(one, change ? 'change' : 'time');
      model.add(one, change);
    }),
  ),
  // Two times that are equal would have no order, so that all but the first are fractions.
  fc
    .tuple(key, fc.integer({ min: -1, max: 90_000 }), fc.integer({ min: 1, max: 2 ** 30 }))
    .map(([one, wait, part]) =>
      step(`addAfter(${one}, ${wait})`, (model, { queue }) => {
        const milliseconds = wait <= 0 ? wait : wait + part / 2 ** 31;
        queue.addAfter(one, milliseconds);
        model.addAfter(one, milliseconds);
      }),
    ),
  key.map((one) =>
    step(`addRateLimited(${one})`, (model, { queue }) => {
      const most = Math.min(900_000, 750 * 2 ** queue.failures(one));
      const delay = queue.addRateLimited(one);
      assert.ok(delay <= most && delay >= most * 0.8);
      model.addAfter(one, delay);
    }),
  ),
  key.map((one) => step(`forget(${one})`, (_, { queue }) => queue.forget(one))),
  fc.constant(
    step('get', async (model, { queue }) => {
      const stop = new AbortController();
      const given = queue.get(stop.signal);
      stop.abort();
      assert.equal(await given, model.get());
    }),
  ),
  key.map((one) =>
    step(`done(${one})`, (model, { queue }) => {
      queue.done(one);
      model.done(one);
    }),
  ),
  fc.integer({ min: 1, max: 60_000 }).map((by) =>
    step(`advance(${by})`, (model, { clock }) => {
      clock.advance(by);
      model.advance(by);
    }),
  ),
];

describe('WorkQueue beside a model', () => {
  it('does the same, whatever is asked of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 80 }), async (commands) => {
        let chance = 0;
        const clock = Object.assign(new StandingClock(), { random: () => ++chance / 1e6 });
        const queue = new WorkQueue({ clock });
        await fc.asyncModelRun(() => ({ model: new Model(), real: { queue, clock } }), commands);
        queue.shutDown();
      }),
      { numRuns: 1000 },
    );
  });
});
