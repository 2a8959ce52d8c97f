import assert from 'node:assert/strict';
import { checkSpec } from './check.ts';
import type { ApiClientSpec } from './schema.ts';

describe('the check of an apiClient', () => {
  const spec = (fields: Partial<ApiClientSpec>): ApiClientSpec => ({
    interval: '1m',
    endpoint: 'https://api.example.com/teams?x=1',
    ...fields,
  });
  const cases: [what: string, fields: Partial<ApiClientSpec>, said: string[]][] = [
    ['nothing wrong', { jsonPath: '{ .items[*] }', timeout: '10m' }, []],
    ['a URL without a host', { endpoint: 'http://' }, ['endpoint: is malformed']],
    [
      'a password',
      { endpoint: 'https://u:hunter2@example.com' },
      ['endpoint: has user information; put an Authorization header in the object of headersRef'],
    ],
    [
      'another protocol',
      { endpoint: 'ftp://example.com' },
      ['endpoint: must begin with http:// or https://'],
    ],
    ['a timeout', { timeout: '11m' }, ['timeout: 11m must be longer than 0s and at most 10m']],
  ];
  for (const [what, fields, said] of cases) {
    it(`finds ${what}`, () => {
      const found = checkSpec(spec(fields)).map(({ path, message }) => `${path.join('.')}: ${message}`);
      assert.deepEqual(found, said);
    });
  }

  it('finds a JSONPath that cannot be read', () => {
    const [mistake] = checkSpec(spec({ jsonPath: '{.a[' }));
    assert.deepEqual(mistake?.path, ['jsonPath']);
  });
});
