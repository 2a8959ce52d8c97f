import assert from 'node:assert/strict';
import {
  ApiError,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNotFound,
  refusalError,
  statusError,
} from './api-error.ts';
import type { ApiRequest } from './cluster-client.ts';

const GET: ApiRequest = { method: 'GET', path: '/api/v1/namespaces/default/configmaps/a' };
const JSON_TYPE = { 'content-type': 'application/json' };
const refuse = (status: number, body: unknown, headers: Record<string, string> = JSON_TYPE, request = GET) =>
  refusalError(request, { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const status = (fields: object) => ({ kind: 'Status', apiVersion: 'v1', ...fields });

describe('refusalError', () => {
  const messages: [string, number, unknown, Record<string, string>, string][] = [
    [
      'the server says',
      404,
      status({ message: 'configmaps "a" not found' }),
      JSON_TYPE,
      'configmaps "a" not found',
    ],
    ['only the reason says', 409, status({ reason: 'Conflict' }), JSON_TYPE, 'Conflict'],
    [
      'a gateway says nothing of',
      502,
      '<html>token</html>',
      { 'content-type': 'text/html' },
      '502 Bad Gateway',
    ],
    ['is text', 429, 'Too many requests', { 'content-type': 'text/plain' }, '429 Too Many Requests'],
    ['is no status', 500, { kind: 'Secret', message: 'hush' }, JSON_TYPE, '500 Internal Server Error'],
    ['is no JSON', 500, '{', JSON_TYPE, '500 Internal Server Error'],
    ['is a number', 400, status({ message: 1, reason: 2 }), JSON_TYPE, '400 Bad Request'],
    ['is nothing that is known', 599, '', {}, '599'],
    [
      'has lines and colours',
      400,
      status({ message: 'a\nb\u001b[31m\u202e' }),
      JSON_TYPE,
      'a\\nb\\u001b[31m\\u202e',
    ],
    [
      'is that nobody is known by this token',
      401,
      status({ message: 'Unauthorized' }),
      JSON_TYPE,
      'Unauthorized: the API server does not accept this token or certificate',
    ],
    ['is long', 400, status({ message: 'x'.repeat(1001) }), JSON_TYPE, `${'x'.repeat(1000)}...`],
  ];
  for (const [what, code, body, headers, words] of messages) {
    it(`says one line where the answer ${what}`, () => {
      const error = refuse(code, body, headers);
      assert.equal(error.message, `get configmaps default/a: ${words}`);
      assert.equal(error.status, code);
    });
  }

  const waits: [string, Record<string, string>, object, number | undefined][] = [
    ['the header', { 'retry-after': '2' }, {}, 2000],
    ['the details', {}, { details: { retryAfterSeconds: 3 } }, 3000],
    ['the header before the details', { 'retry-after': '2' }, { details: { retryAfterSeconds: 3 } }, 2000],
    ['nothing', {}, {}, undefined],
    ['a date', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, {}, undefined],
    ['a negative number', { 'retry-after': '-1' }, { details: { retryAfterSeconds: -1 } }, undefined],
  ];
  for (const [what, headers, fields, expected] of waits) {
    it(`knows how long to wait from ${what}`, () => {
      assert.equal(refuse(429, status(fields), { ...JSON_TYPE, ...headers }).retryAfter, expected);
    });
  }

  it('names the verb as Kubernetes does, and never a line break of a name', () => {
    const verbs: [ApiRequest, string][] = [
      [{ ...GET, path: '/api/v1/configmaps' }, 'list configmaps'],
      [{ ...GET, path: '/api/v1/configmaps', query: { watch: 'true' } }, 'watch configmaps'],
      [{ ...GET, method: 'POST' }, 'create configmaps default/a'],
      [{ ...GET, method: 'PUT' }, 'update configmaps default/a'],
      [{ ...GET, method: 'DELETE', path: '/api/v1/namespaces/a%0Ab' }, 'delete namespaces a\\nb'],
      [{ ...GET, path: '/version' }, 'get /version'],
    ];
    for (const [request, words] of verbs) {
      assert.equal(refuse(500, '', {}, request).message, `${words}: 500 Internal Server Error`);
    }
  });

  it('shows nothing of what the server says of a Secret that is written, and shows other refusals', () => {
    const request: ApiRequest = { method: 'POST', path: '/api/v1/namespaces/default/secrets' };
    const body = status({ message: 'hush', reason: 'Invalid', details: { causes: [{ message: 'hush' }] } });
    for (const code of [400, 422, 500]) {
      const error = refuse(code, body, JSON_TYPE, request);
      assert.equal(
        error.message,
        'create secrets default: Invalid (what the server says of a Secret is not shown)',
      );
      assert.doesNotMatch(JSON.stringify(error), /hush/);
    }
    const forbidden = refuse(403, status({ message: 'not allowed' }), JSON_TYPE, request);
    assert.equal(forbidden.message, 'create secrets default: not allowed');
  });
});

describe('statusError', () => {
  it('reads the error of a watch, and only a status', () => {
    const gone = status({
      code: 410,
      reason: 'Expired',
      message: 'too old',
      details: { retryAfterSeconds: 1 },
    });
    const error = statusError('watch configmaps', gone);
    assert.equal(error?.message, 'watch configmaps: too old');
    assert.deepEqual([error.status, error.reason, error.retryAfter], [410, 'Expired', 1000]);
    assert.equal(statusError('x', { kind: 'ConfigMap' }), undefined);
    assert.equal(statusError('x', { kind: 'Status' })?.status, 0);
  });
});

describe('what an ApiError means', () => {
  const tests = { isNotFound, isConflict, isForbidden, isGone, isInvalid };
  const meanings: [number, string, string[]][] = [
    [404, 'NotFound', ['isNotFound']],
    [409, 'Conflict', ['isConflict']],
    [403, 'Forbidden', ['isForbidden']],
    [410, 'Gone', ['isGone']],
    [410, 'Expired', ['isGone']],
    [500, 'Expired', ['isGone']],
    [422, 'Invalid', ['isInvalid']],
    [429, 'TooManyRequests', []],
    [500, 'NotFound', []],
  ];
  for (const [code, reason, expected] of meanings) {
    it(`is ${expected.join(' and ') || 'nothing of these'} for ${code} ${reason}`, () => {
      const error = new ApiError('x', { status: code, reason });
      const said = Object.entries(tests).filter(([, test]) => test(error));
      assert.deepEqual(
        said.map(([name]) => name),
        expected,
      );
      for (const test of Object.values(tests))
        assert.equal(test(Object.assign(new Error('x'), { status: code })), false);
    });
  }
});
