import assert from 'node:assert/strict';
import { type FaultyPrometheus, TOKEN } from './faulty-prometheus.ts';
import { secretData } from './faulty-set.ts';
import type { FaultGroup, Injection, SourceFault, Word } from './source-fault.ts';
import { CANARY } from './source-faults-answers.ts';

/** What a pass came to, as people are told. */
export interface Told {
  readonly word: Word;
  readonly message: string;
}

/** A set that was delivered, and the place where its resources are. */
export interface FaultyWorld {
  readonly prometheus: FaultyPrometheus;
  /** Makes a pass, or waits for one, until this is told; gives what was told at last. */
  pass(wanted: Injection): Promise<Told>;
  /** Waits until the set is well again, by itself where it retries. */
  recover(from: Injection): Promise<void>;
  /** Where the name of Prometheus leads. */
  resolve(addresses: Injection['addresses']): Promise<void>;
  /** Writes a Secret, or deletes it. */
  writeSecret(name: string, data: Readonly<Record<string, string>> | null): Promise<void>;
  /** All that was delivered, as one text; equal only where nothing was touched. */
  snapshot(): Promise<string>;
  close(): Promise<void>;
}

/** What came of all injections. */
export interface FaultFigures {
  faults: number;
  injections: number;
  readonly words: Record<Word, number>;
  /** Milliseconds of the longest recovery. */
  slowest: number;
}

/** The figures of all groups together. */
export function sumOf(all: readonly FaultFigures[]): FaultFigures {
  const words = { Failed: 0, PlanHeld: 0, ElementsHeld: 0, Same: 0 };
  for (const one of all) for (const word of WORDS) words[word] += one.words[word];
  const add = (sum: number, one: number) => sum + one;
  return {
    faults: all.map(({ faults }) => faults).reduce(add, 0),
    injections: all.map(({ injections }) => injections).reduce(add, 0),
    words,
    slowest: Math.max(0, ...all.map(({ slowest }) => slowest)),
  };
}

const WORDS = ['Failed', 'PlanHeld', 'ElementsHeld', 'Same'] as const satisfies readonly Word[];

/** Injects each fault of a group so often, and proves after each injection that nothing has changed. */
export async function proveFaults(
  world: FaultyWorld,
  { faults }: Pick<FaultGroup, 'faults'>,
  { times, first = 0 }: { readonly times: (fault: SourceFault) => number; readonly first?: number },
): Promise<FaultFigures> {
  const words = { Failed: 0, PlanHeld: 0, ElementsHeld: 0, Same: 0 };
  const figures: FaultFigures = { faults: faults.length, injections: 0, words, slowest: 0 };
  const before = await world.snapshot();
  for (const fault of faults) {
    for (let n = first; n < first + times(fault); n++) {
      const injection = fault.inject(n);
      const place = `${fault.what} (${n})`;
      await strike(world, injection);
      checkTold(await world.pass(injection), injection, place);
      assert.equal(await world.snapshot(), before, `${place}: something has changed`);
      await mend(world, injection);
      const begun = performance.now();
      await world.recover(injection).catch((error: unknown) => {
        throw new Error(`${place}: no recovery: ${(error as Error).message}`, { cause: error });
      });
      figures.slowest = Math.max(figures.slowest, Math.round(performance.now() - begun));
      figures.injections++;
      figures.words[injection.word]++;
    }
  }
  assert.equal(await world.snapshot(), before, 'something has changed in the end');
  return figures;
}

async function strike(world: FaultyWorld, injection: Injection): Promise<void> {
  const { secret, isLate, addresses } = injection;
  if (addresses) await world.resolve(addresses);
  if (secret && !isLate) await world.writeSecret(secret.name, secret.data);
  await world.prometheus.trouble(secret && isLate ? deletingLate(world, injection) : injection);
}

/** The Secret goes when the question is there already. */
function deletingLate(world: FaultyWorld, { secret }: Injection): Injection {
  let isGone = false;
  return {
    word: 'Failed',
    async answer({ response, ask }) {
      if (secret && !isGone) await world.writeSecret(secret.name, secret.data);
      isGone = true;
      const { status, body } = await ask();
      response.writeHead(status).end(body);
    },
  };
}

async function mend(world: FaultyWorld, { secret, addresses }: Injection): Promise<void> {
  await world.prometheus.trouble();
  if (addresses) await world.resolve(undefined);
  const good = secretData(world.prometheus.certificates.ca.cert);
  if (secret) await world.writeSecret(secret.name, good[secret.name] ?? null);
}

/** The condition says why, and repeats nothing that a server or a Secret said. */
function checkTold(told: Told, { word, message }: Injection, place: string): void {
  assert.equal(told.word, word, `${place}: ${told.word}: ${told.message}`);
  if (message) assert.match(`${place}: ${told.message}`, message);
  for (const secret of [TOKEN, CANARY])
    assert.ok(!told.message.includes(secret), `${place}: ${told.message}`);
  assert.ok(word === 'Same' || told.message.length > 10, `${place}: no message`);
}
