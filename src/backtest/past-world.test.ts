import assert from 'node:assert/strict';
import type { GenerateContext, Generator, GeneratorEntry } from '../../generators/generator.ts';
import { generatorsOnly, pastGenerator } from '../../test/harness/backtest.ts';
import { silentLogger } from '../lib/logger.ts';
import { createMemoryTarget } from './memory-target.ts';
import { checkPast, pastWorld } from './past-world.ts';

const TIME = new Date('2026-02-01T00:00:00Z');
const target = createMemoryTarget('a test');
const blind: Generator = { name: 'blind', schema: {}, generate: async () => [{}] };

describe('checkPast', () => {
  const generators = [pastGenerator(() => []), blind];

  it('lets generators pass that know the past', () => checkPast([{ past: {}, name: 'blind' }], generators));

  it('looks into generators that run others', () => {
    const runner: Generator<{ generators: GeneratorEntry[] }> = {
      name: 'runner',
      schema: {},
      generate: async () => [],
      children: (spec) => spec.generators,
    };
    const all = [...generators, runner] as Generator[];
    const entry = (...children: GeneratorEntry[]) => [{ runner: { generators: children } }];
    checkPast(entry({ past: {} }, { runner: { generators: [{ past: {} }] } }), all);
    assert.throws(() => checkPast(entry({ past: {} }, { blind: {} }), all), {
      message: /^spec\.generators\[0\]\.runner\.generators\[1\]\.blind does not know the past/,
    });
  });

  it('names every one that does not, and what to do', () => {
    assert.throws(() => checkPast([{ blind: {} }, { past: {} }, { blind: {} }], generators), {
      reason: 'NoPast',
      message:
        'spec.generators[0].blind, spec.generators[2].blind does not know the past, so backtest cannot ask it: use a generator that does, such as prometheus, or leave it out of a copy of the set',
    });
  });
});

describe('pastWorld', () => {
  it('asks generators for the time', async () => {
    const world = pastWorld(TIME, { world: generatorsOnly(pastGenerator((time) => [{ time }])), target });
    const [generator] = world.generators;
    assert.deepEqual(await generator?.generate({}, {} as GenerateContext), [{ time: TIME.getTime() }]);
    assert.equal(world.now(), TIME);
    assert.equal(world.ambient.now(), BigInt(TIME.getTime()) * 1_000_000n);
  });

  it('refuses generators that do not know the past, also where another one calls them', async () => {
    const [generator] = pastWorld(TIME, { world: generatorsOnly(blind), target }).generators;
    await assert.rejects(async () => generator?.generate({}, {} as GenerateContext), { reason: 'NoPast' });
  });

  it('asks at another address, and leaves the spec as it is', async () => {
    const seen: unknown[] = [];
    const echo: Generator = {
      ...pastGenerator(() => []),
      async generate(spec) {
        seen.push(spec);
        return [];
      },
    };
    const given = { url: 'http://a', query: 'up' };
    const world = pastWorld(TIME, { world: generatorsOnly(echo), target, prometheus: 'http://b' });
    await world.generators[0]?.generate(given, {} as GenerateContext);
    assert.deepEqual(seen, [{ url: 'http://b', query: 'up' }]);
    assert.deepEqual(given, { url: 'http://a', query: 'up' });
  });

  it('gives the same chance at the same time, and another one at another', () => {
    const bytesAt = (time: Date) =>
      pastWorld(time, { world: generatorsOnly(), target }).ambient.randomBytes(100);
    assert.equal(bytesAt(TIME).length, 100);
    assert.deepEqual(bytesAt(TIME), bytesAt(TIME));
    assert.notDeepEqual(bytesAt(TIME), bytesAt(new Date(0)));
    const { ambient } = pastWorld(TIME, { world: generatorsOnly(), target });
    assert.notDeepEqual(ambient.randomBytes(8), ambient.randomBytes(8));
  });

  it('does not repeat old warnings', () => {
    const lines: string[] = [];
    const log = { ...silentLogger, warn: (text: string) => lines.push(text), debug: () => {} };
    const world = generatorsOnly();
    pastWorld(TIME, { world: { ...world, readers: { ...world.readers, log } }, target }).readers.log.warn(
      'old',
    );
    assert.deepEqual(lines, []);
  });
});
