import assert from 'node:assert/strict';
import type { Element } from '../../src/api/element.ts';
import { list } from '../../test/harness/composing-context.ts';
import { readChildren } from '../composition.ts';
import type { Generator, GeneratorEntry, IsTemplate } from '../generator.ts';
import { findTemplates } from './find-templates.ts';

/** Must be asked for its elements. */
const asked: Generator = { name: 'asked', schema: { type: 'object' }, generate: async () => [] };
const known = [list, asked] as readonly Generator[];

const isTemplate: IsTemplate = (value) => JSON.stringify(value).includes('{{');
const listOf = (...elements: Element[]): GeneratorEntry => ({ list: { elements } });
const TEMPLATE = { asked: { url: '{{ .Element.host }}' } };

describe('findTemplates', () => {
  const cases: [title: string, entries: GeneratorEntry[], found: unknown[]][] = [
    ['finds nothing without templates', [listOf({ a: 1 }), { asked: {} }], []],
    [
      'knows the elements of lists before a template',
      [listOf({ host: 'a' }, { host: 'b' }), TEMPLATE],
      [{ path: ['generators', 1, 'asked'], elements: [{ host: 'a' }, { host: 'b' }] }],
    ],
    [
      'combines several lists, each below its name',
      [listOf({ a: 1 }, { a: 2 }), { name: 'app', ...listOf({ b: 3 }) }, TEMPLATE],
      [
        {
          path: ['generators', 2, 'asked'],
          elements: [
            { a: 1, app: { b: 3 } },
            { a: 2, app: { b: 3 } },
          ],
        },
      ],
    ],
    [
      'knows that nothing is before the first',
      [TEMPLATE, listOf({})],
      [{ path: ['generators', 0, 'asked'], elements: [{}] }],
    ],
    [
      'knows nothing behind what must be asked',
      [listOf({ a: 1 }), { asked: {} }, TEMPLATE],
      [{ path: ['generators', 2, 'asked'] }],
    ],
    [
      'knows nothing behind another template',
      [listOf({ a: 1 }), listOf({ b: '{{ .Element.a }}' }), TEMPLATE],
      [{ path: ['generators', 1, 'list'], elements: [{ a: 1 }] }, { path: ['generators', 2, 'asked'] }],
    ],
    [
      'has no element where a list is empty',
      [listOf(), TEMPLATE],
      [{ path: ['generators', 1, 'asked'], elements: [] }],
    ],
  ];
  for (const [title, entries, found] of cases) {
    it(title, () => assert.deepEqual(findTemplates(readChildren(entries, known), isTemplate), found));
  }

  it('looks at a hundred elements at most, however many there are', () => {
    const many = listOf(...Array.from({ length: 5000 }, (_, index) => ({ [`f${index % 7}`]: index })));
    const [found] = findTemplates(readChildren([many, many, TEMPLATE], known), isTemplate);
    assert.equal(found?.elements?.length, 100);
  });
});
