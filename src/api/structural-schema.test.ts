import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { toStructuralSchema } from './structural-schema.ts';

const text: JsonObject = { type: 'string' };
const ANY: JsonObject = { 'x-kubernetes-preserve-unknown-fields': true };

describe('toStructuralSchema', () => {
  const cases: readonly (readonly [title: string, schema: JsonObject, structural: JsonObject])[] = [
    [
      'keeps what means the same in both',
      { type: 'string', description: 'A word.', default: 'a', minLength: 1, maxLength: 3, enum: ['a', 'b'] },
      { type: 'string', description: 'A word.', default: 'a', minLength: 1, maxLength: 3, enum: ['a', 'b'] },
    ],
    ['makes an enum of a const', { type: 'string', const: 'a' }, { type: 'string', enum: ['a'] }],
    [
      'prunes where other fields are refused',
      { type: 'object', additionalProperties: false, required: ['a'], properties: { a: text } },
      { type: 'object', required: ['a'], properties: { a: text } },
    ],
    [
      'keeps objects of any fields',
      { type: 'object', minProperties: 1, additionalProperties: true },
      { type: 'object', minProperties: 1, ...ANY },
    ],
    ['keeps objects that name no fields', { type: 'object' }, { type: 'object', ...ANY }],
    [
      'keeps named fields among any',
      { type: 'object', properties: { a: text }, additionalProperties: true },
      { type: 'object', properties: { a: text }, ...ANY },
    ],
    [
      'keeps maps of one type',
      { type: 'object', additionalProperties: { type: 'string', const: 'x' } },
      { type: 'object', additionalProperties: { type: 'string', enum: ['x'] } },
    ],
    [
      'converts items',
      { type: 'array', maxItems: 2, items: { type: 'object', additionalProperties: true } },
      { type: 'array', maxItems: 2, items: { type: 'object', ...ANY } },
    ],
    [
      'keeps whatever stands where no type is asked for, null too',
      { description: 'Anything.' },
      { description: 'Anything.', ...ANY, nullable: true },
    ],
    [
      'keeps numbers and texts',
      { type: ['integer', 'string'], minimum: 0, pattern: '^[0-9]+%$', default: '20%' },
      {
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        'x-kubernetes-int-or-string': true,
        minimum: 0,
        pattern: '^[0-9]+%$',
        default: '20%',
      },
    ],
    [
      'keeps alternatives of required fields',
      { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    ],
    [
      'looks into no alternatives of types',
      { description: 'One or more.', anyOf: [text, { type: 'array', items: text }] },
      { description: 'One or more.', ...ANY, nullable: true },
    ],
    [
      'writes characters as Go does',
      { type: 'string', pattern: '^[^\\u0000-\\u001F\\\\<]+$' },
      { type: 'string', pattern: '^[^\\x{0000}-\\x{001F}\\\\<]+$' },
    ],
  ];
  for (const [title, schema, structural] of cases) {
    it(title, () => {
      const before = structuredClone(schema);
      assert.deepEqual(toStructuralSchema(schema), structural);
      assert.deepEqual(schema, before);
    });
  }

  const refused: readonly (readonly [schema: JsonObject, message: RegExp])[] = [
    [{ $ref: '#/definitions/a' }, /^Error: schema: .* no "\$ref"/],
    [{ type: 'array', items: text, uniqueItems: true }, /no "uniqueItems"/],
    [{ type: 'object', patternProperties: {} }, /no "patternProperties"/],
    [{ if: {}, else: {} }, /no "if"/],
    [{ not: { required: ['a'] } }, /no "not"/],
    [{ type: ['string', 'null'] }, /one type/],
    [{ type: ['integer', 'string', 'boolean'] }, /one type/],
    [{ type: 'array' }, /without items/],
    [{ type: 'object', properties: {}, anyOf: [{ required: ['a'] }, { properties: {} }] }, /no such anyOf/],
    [{ type: 'object', properties: { a: { type: 'array', items: { $id: 'x' } } } }, /schema\.a\[\]: /],
    [{ type: 'object', additionalProperties: { format: 'date' } }, /schema\.\*: .*"format"/],
    [{ type: 'string', pattern: '^(?!x)' }, /Go has no such/],
    [{ type: 'string', pattern: '(?<=x)y' }, /Go has no such/],
    [{ type: 'string', pattern: '(?<name>y)' }, /Go has no such/],
    [{ type: 'string', pattern: '(a)\\1' }, /Go has no such/],
  ];
  for (const [schema, message] of refused) {
    it(`refuses ${JSON.stringify(schema)}`, () => {
      assert.throws(() => toStructuralSchema(schema), message);
    });
  }

  it('takes the name of a field that every object has for a field', () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    const { properties } = toStructuralSchema(schema);
    assert.deepEqual(Object.keys(properties as JsonObject), ['__proto__']);
  });
});
