import assert from 'node:assert/strict';
import type { Generator } from '../../generators/generator.ts';
import { list } from '../../generators/list/index.ts';
import { fixedAmbient } from '../../test/harness/ambient.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { silentLogger } from '../lib/logger.ts';
import { renderSet } from './render-set.ts';
import type { World } from './world.ts';

const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'));

const world: World = {
  generators: [list as Generator],
  readers: {
    objects: { get: refuse, list: refuse },
    http: { request: refuse },
    git: { open: refuse },
    artifacts: { open: refuse },
    log: silentLogger,
  },
  openTarget: refuse,
  now: () => new Date(0),
  random: () => 0,
  ambient: fixedAmbient(),
};

/** Renders one element with this key and this value of a ConfigMap. */
async function renderOne(elementKey: string, value: string) {
  const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { value } };
  const spec = { elementKey, generators: [{ list: { elements: [{ n: 1 }] } }], templates: [{ content }] };
  const pass = { memory: new ElementMemory(() => 0), all: true, signal: new AbortController().signal };
  return renderSet(loadedSet('demo', spec), world, pass);
}

describe('renderSet', () => {
  it('gives the elements their keys', async () => {
    const [rendered] = await renderOne('k{{ .Element.n }}', '{{ .Element.n }}');
    assert.equal(rendered?.from.key, 'k1');
  });

  const noKey = /no entry for key "k"/;
  const noValue = /no entry for key "v"/;
  const failures: [why: string, key: string, value: string, name: string, messages: RegExp[]][] = [
    ['the key alone', '{{ .Element.k }}', 'v', 'RenderError', [noKey]],
    ['the template alone', 'k', '{{ .Element.v }}', 'RenderError', [noValue]],
    ['both at once', '{{ .Element.k }}', '{{ .Element.v }}', 'RenderError', [noKey, noValue]],
    ['both, one for ever', '{{ .Element.k }}', '{{ if }}', 'ErrorList', [noKey, /missing value for if/]],
    ['both, with an empty key', ' ', '{{ .Element.v }}', 'RenderError', [/elementKey is empty/, noValue]],
  ];
  for (const [why, key, value, name, messages] of failures) {
    it(`says what is wrong: ${why}`, async () => {
      const error = await renderOne(key, value).then(
        () => assert.fail('must reject'),
        (reason: Error) => reason,
      );
      assert.equal(error.name, name);
      const lines = error.message.split('\n').filter((line) => /no entry|empty|missing/.test(line));
      assert.equal(lines.length, messages.length);
      for (const [index, message] of messages.entries()) assert.match(lines[index] ?? '', message);
    });
  }
});
