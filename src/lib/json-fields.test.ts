import assert from 'node:assert/strict';
import type { JsonObject } from './json.ts';
import { objectField, objectsField, textField } from './json-fields.ts';

const OBJECT: JsonObject = {
  text: 'a',
  empty: '',
  number: 1,
  none: null,
  object: {},
  list: [{}],
  texts: ['a'],
};

const READERS: {
  name: string;
  read: (object: JsonObject, field: string) => unknown;
  good: Record<string, unknown>;
  message: RegExp;
}[] = [
  { name: 'textField', read: textField, good: { text: 'a', empty: '' }, message: /must be a text$/ },
  { name: 'objectField', read: objectField, good: { object: {} }, message: /must be an object$/ },
  { name: 'objectsField', read: objectsField, good: { list: [{}] }, message: /must be a list of objects$/ },
];

for (const { name, read, good, message } of READERS) {
  describe(name, () => {
    for (const field of [...Object.keys(OBJECT), 'missing', 'constructor', '__proto__']) {
      it(`${Object.hasOwn(good, field) ? 'takes' : 'refuses'} ${field}`, () => {
        if (Object.hasOwn(good, field)) assert.deepEqual(read(OBJECT, field), good[field]);
        else assert.throws(() => read(OBJECT, field), { message });
      });
    }
  });
}

describe('objectField', () => {
  for (const value of [null, [], 'text', 1])
    it(`refuses to look into ${JSON.stringify(value)}`, () =>
      assert.throws(() => objectField(value, 'length'), { message: '"length" must be an object' }));
});
