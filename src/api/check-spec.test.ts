import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { checkSpec } from './check-spec.ts';

const schema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', pattern: '^https?://' },
    method: { type: 'string', enum: ['GET', 'POST'], default: 'GET' },
    list: { type: 'array', items: { type: 'object', additionalProperties: { type: 'integer' } } },
  },
};
const url = 'http://a';

describe('checkSpec', () => {
  it('finds nothing in a spec that fits, and fills in defaults', () => {
    const spec = { url };
    assert.equal(checkSpec(spec, schema), undefined);
    assert.deepEqual(spec, { url, method: 'GET' });
  });

  const wrong: readonly (readonly [spec: JsonObject, mistake: RegExp])[] = [
    [{}, /^must have required property 'url'$/],
    [{ url: 'ftp://canary' }, /^url: must match pattern/],
    [{ url, method: 'canary' }, /^method: must be equal to one of the allowed values$/],
    [{ url, other: 'canary' }, /^must NOT have additional properties$/],
    [{ url, list: [{}, { a: 'canary' }] }, /^list\.1\.a: must be integer$/],
  ];
  for (const [spec, mistake] of wrong) {
    it(`says ${mistake.source} and shows no value`, () => {
      assert.match(checkSpec(spec, schema) ?? '', mistake);
      assert.doesNotMatch(checkSpec(spec, schema) ?? '', /canary/);
    });
  }
});
