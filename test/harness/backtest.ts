import type { Generator } from '../../generators/generator.ts';
import type { GeneratorSetSpec } from '../../src/api/generatorset-schema.ts';
import type { LoadedSet } from '../../src/api/read-sets.ts';
import type { BacktestOptions } from '../../src/backtest/backtest.ts';
import type { Period } from '../../src/backtest/period.ts';
import { emptyObjectReader } from '../../src/clients/files/object-reader.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import type { World } from '../../src/reconcile/world.ts';
import { fixedAmbient } from './ambient.ts';
import { loadedSet } from './sets.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const MIB = 2 ** 20;

/** 2026-03-01T00:00:00Z. */
export const END = Date.UTC(2026, 2, 1);

/** So many days up to the end, a pass a day, a sample an hour. */
export function daysOf(days: number): Period {
  return { from: END - days * DAY, to: END, step: DAY, resolution: HOUR };
}

/** A generator that knows the past: it gives what `answer` says for the time that it is asked for. */
export function pastGenerator(answer: (time: number) => JsonObject[]): Generator {
  return {
    name: 'past',
    schema: {},
    knowsPast: true,
    generate: async (_spec, { time }) => answer((time as Date).getTime()),
  };
}

/** A set that tunes `limit` from `.Element.bytes`, and writes it into a ConfigMap for each element. */
export function tunedSet(tune: object = {}, spec: Partial<GeneratorSetSpec> = {}): LoadedSet {
  const limit = {
    name: 'limit',
    from: '{{ .Element.bytes }}',
    usage: 'usage of {{ .Element.name }}',
    ...tune,
  };
  return loadedSet('memory', {
    elementKey: '{{ .Element.name }}',
    generators: [{ past: {} }],
    tune: [limit as never],
    templates: [
      {
        content: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: '{{ .Element.name }}' },
          data: { limit: '{{ .Element.limit }}' },
        },
      },
    ],
    ...spec,
  });
}

/** A world with these generators, and nothing else. */
export function generatorsOnly(...generators: Generator[]): World {
  const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));
  return {
    generators,
    readers: {
      objects: emptyObjectReader,
      http: { request: refuse },
      git: { open: refuse },
      artifacts: { open: refuse },
      log: silentLogger,
    },
    openTarget: refuse,
    now: () => new Date(END),
    random: () => 0,
    ambient: fixedAmbient(),
  };
}

/** The options of a backtest over these days, whose source has this usage in bytes at each hour. */
export function backtestOptions(
  generator: Generator,
  days: number,
  usage: (time: number) => number | undefined,
): BacktestOptions {
  return {
    world: generatorsOnly(generator),
    period: daysOf(days),
    signal: new AbortController().signal,
    fixed: { given: new Map(), standing: [] },
    traced: 20,
    async ask(_element, { from, to, step }) {
      const times = Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
      const samples = times.flatMap((time) => {
        const value = usage(time);
        return value === undefined ? [] : [{ time, value }];
      });
      return [{ labels: '{}', samples }];
    },
  };
}
