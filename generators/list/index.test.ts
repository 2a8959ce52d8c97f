import assert from 'node:assert/strict';
import type { GenerateContext } from '../generator.ts';
import { list } from './index.ts';

const context = { signal: new AbortController().signal } as GenerateContext;

describe('list', () => {
  it('gives the elements in the order of the spec, with every digit and type', async () => {
    const elements = [
      { team: 'b', n: 9007199254740993n },
      { team: 'a', on: true, none: null, deep: { x: [1] } },
      {},
    ];
    assert.deepEqual(await list.generate({ elements }, context), elements);
  });

  it('gives no element for an empty list', async () => {
    assert.deepEqual(await list.generate({ elements: [] }, context), []);
  });

  it('gives copies', async () => {
    const elements = [{ deep: { x: 1 } }];
    const [element] = await list.generate({ elements }, context);
    assert.notEqual(element?.['deep'], elements[0]?.deep);
  });

  for (const element of ['text', 1, null, [], true]) {
    it(`refuses ${JSON.stringify(element)} as an element and says where it stands`, async () => {
      const spec = { elements: [{}, element] } as unknown as { elements: Record<string, unknown>[] };
      await assert.rejects(list.generate(spec, context), { message: 'elements[1] is not an object' });
    });
  }
});
