import { createHash } from 'node:crypto';
import type { Generator, GeneratorEntry } from '../../generators/generator.ts';
import { StalledError } from '../api/errors.ts';
import type { Target } from '../plan/target.ts';
import type { World } from '../reconcile/world.ts';
import type { Ambient } from '../render/functions/ambient.ts';

/** What a past world is made from. */
interface PastOptions {
  readonly world: World;
  readonly target: Target;
  /** Replaces the `url` of generators that know the past: the same history at another address. */
  readonly prometheus?: string;
}

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * The world as it was at a time: generators give what they gave then, the clock stands still, and deliveries go to
 * `target`. Chance follows from the time alone, so that the same backtest gives the same bytes.
 */
export function pastWorld(time: Date, { world, target, prometheus }: PastOptions): World {
  const { log } = world.readers;
  return {
    ...world,
    generators: world.generators.map((generator) => atTime(generator, time, prometheus)),
    // What would be worth a warning now was so long ago.
    readers: { ...world.readers, log: { ...log, info: log.debug, warn: log.debug } },
    openTarget: async () => target,
    now: () => time,
    random: () => 0,
    ambient: pastAmbient(time),
  };
}

/** Throws a StalledError that names every generator of a set that cannot say what it gave in the past. */
export function checkPast(entries: readonly GeneratorEntry[], generators: readonly Generator[]): void {
  const found = findBlind(entries, generators, 'spec');
  if (found.length > 0) throw noPast(found.join(', '));
}

/** The places of all generators that do not know the past, also of those that others run. */
function findBlind(
  entries: readonly GeneratorEntry[],
  generators: readonly Generator[],
  base: string,
): string[] {
  return entries.flatMap((entry, position) =>
    generators.flatMap((generator) => {
      const { name, knowsPast } = generator;
      if (!Object.hasOwn(entry, name)) return [];
      const place = `${base}.generators[${position}].${name}`;
      const children = generator.children?.(entry[name]);
      if (children) return findBlind(children, generators, place);
      return knowsPast ? [] : [place];
    }),
  );
}

function noPast(what: string): StalledError {
  const able = 'use a generator that does, such as prometheus, or leave it out of a copy of the set';
  return new StalledError('NoPast', `${what} does not know the past, so backtest cannot ask it: ${able}`);
}

/** The generator, asked for a time; also where another one calls it. */
function atTime(generator: Generator, time: Date, url: string | undefined): Generator {
  return {
    ...generator,
    async generate(spec, context) {
      if (!generator.knowsPast && !generator.children) throw noPast(generator.name);
      const elsewhere = url === undefined || generator.children ? spec : { ...(spec as object), url };
      return generator.generate(elsewhere, { ...context, time });
    },
  };
}

/** A clock that stands at the time, and bytes that follow from it. */
function pastAmbient(time: Date): Ambient {
  let block = 0;
  return {
    now: () => BigInt(time.getTime()) * NANOSECONDS_PER_MILLISECOND,
    randomBytes(count) {
      const blocks = Array.from({ length: Math.ceil(count / 64) }, () =>
        createHash('sha512').update(`${time.getTime()} ${block++}`).digest(),
      );
      return Buffer.concat(blocks).subarray(0, count);
    },
  };
}
