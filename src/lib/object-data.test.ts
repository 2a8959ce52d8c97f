import assert from 'node:assert/strict';
import type { JsonObject } from './json.ts';
import { objectData } from './object-data.ts';

const metadata = { name: 'it', namespace: 'apps' };
const b64 = (text: string): string => Buffer.from(text).toString('base64');

const READ: [string, JsonObject, Record<string, string>][] = [
  [
    'a Secret',
    { kind: 'Secret', metadata, data: { token: b64('abc'), empty: '' } },
    { token: 'abc', empty: '' },
  ],
  [
    'stringData, which wins over data',
    { kind: 'Secret', metadata, data: { a: b64('old'), b: b64('b') }, stringData: { a: 'new' } },
    { a: 'new', b: 'b' },
  ],
  [
    'folded base64',
    { kind: 'Secret', metadata, data: { a: `${b64('abcdef').slice(0, 4)}\n${b64('abcdef').slice(4)}\n` } },
    { a: 'abcdef' },
  ],
  [
    'a ConfigMap',
    { kind: 'ConfigMap', metadata, data: { a: 'é' }, binaryData: { b: b64('b') } },
    { a: 'é', b: 'b' },
  ],
  ['an object without data', { kind: 'Secret', metadata }, {}],
  ['null data', { kind: 'ConfigMap', metadata, data: null }, {}],
];

const REFUSED: [string, JsonObject, string][] = [
  [
    'text that is not base64',
    { kind: 'Secret', metadata, data: { token: 'canary!' } },
    'Secret apps/it: data.token is not base64',
  ],
  [
    'base64 cut short',
    { kind: 'Secret', metadata, data: { token: 'canar' } },
    'Secret apps/it: data.token is not base64',
  ],
  ['a number', { kind: 'ConfigMap', metadata, data: { a: 1 } }, 'ConfigMap apps/it: data.a is not a text'],
  [
    'a list of data',
    { kind: 'Secret', metadata, stringData: [] },
    'Secret apps/it: stringData is not an object',
  ],
  ['another kind', { kind: 'Pod', metadata: { name: 'it' } }, 'Pod it is neither a Secret nor a ConfigMap'],
];

describe('objectData', () => {
  for (const [what, object, expected] of READ) {
    it(`reads ${what}`, () => {
      const data = [...objectData(object)].map(([key, value]) => [key, value.toString('utf8')]);
      assert.deepEqual(Object.fromEntries(data), expected);
    });
  }

  for (const [what, object, message] of REFUSED) {
    it(`refuses ${what}, naming object and key`, () => {
      assert.throws(() => objectData(object), { message });
    });
  }

  it('keeps bytes that are not text', () => {
    const bytes = Buffer.from([0, 255, 128]);
    const secret = { kind: 'Secret', metadata, data: { key: bytes.toString('base64') } };
    assert.deepEqual(objectData(secret).get('key'), bytes);
  });
});
