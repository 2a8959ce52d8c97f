import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StalledError } from '../../api/errors.ts';
import type { HttpRequest } from '../../api/readers.ts';
import { checkRequest } from './request-rules.ts';

const GOOD: HttpRequest = {
  method: 'GET',
  url: 'http://prometheus:9090/api/v1/query?query=up',
  timeout: 1000,
};

const REFUSED_URLS: [string, RegExp][] = [
  ['file:///etc/passwd', /http:\/\/ or https:\/\/, not file:/],
  ['gopher://canary/', /not gopher:/],
  ['data:text/plain,canary', /not data:/],
  ['unix:/var/run/canary.sock', /not unix:/],
  ['canary', /the URL is malformed/],
  ['', /the URL is malformed/],
  ['http://', /the URL is malformed/],
  ['http://user@host/', /^http:\/\/host: user information .* headersRef$/],
  ['http://user:canary@host/', /^http:\/\/host: user information/],
  ['http://:canary@host/x?y=canary', /^http:\/\/host\/x: user information/],
  ['http://host/a\r\nX-Canary: 1', /space or control character/],
  ['http://host/a b', /space or control character/],
  [' http://host/', /space or control character/],
  ['http://ho\tst/', /space or control character/],
  [`http://host/${'a'.repeat(20_000)}`, /longer than 16384 characters/],
  [
    'http://169.254.169.254/latest/meta-data',
    /^http:\/\/169\.254\.169\.254\/latest\/meta-data: a link-local address is refused$/,
  ],
  ['http://[fd00:ec2::254]/', /a metadata address is refused/],
  ['http://100.100.100.200/', /a metadata address/],
  ['http://192.0.0.192/', /a metadata address/],
  ['http://0/', /an unspecified address/],
  ['http://[::]/', /an unspecified address/],
  ['http://[::ffff:169.254.169.254]/', /a link-local address/],
  ['http://0xa9fea9fe/', /a link-local address/],
  ['http://2852039166/', /a link-local address/],
  ['http://0251.0376.0251.0376/', /a link-local address/],
  ['http://169.254.43518/', /a link-local address/],
  ['http://１６９.254.169.254/', /a link-local address/],
];

const LOOPBACK = [
  'http://127.0.0.1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://127.1/',
  'http://0177.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[0:0:0:0:0:ffff:7f00:1]/',
];

const REFUSED_HEADERS = [
  'Host',
  'host',
  'Transfer-Encoding',
  'Content-Length',
  'Connection',
  'Proxy-Authorization',
  'Proxy-Connection',
  'Upgrade',
  'Trailer',
  'Keep-Alive',
  'Impersonate-User',
  'impersonate-extra-scopes',
  'TE',
  'Expect',
  'Accept-Encoding',
];

const BROKEN_HEADERS: [string, Record<string, string>, RegExp][] = [
  [
    'a line break in a value',
    { Authorization: 'Bearer canary\n' },
    /the header Authorization has a line break/,
  ],
  ['a second header in a value', { 'X-A': 'canary\r\nHost: x' }, /the header X-A has a line break/],
  ['NUL in a value', { 'X-A': 'canary\0' }, /a character that no header may have/],
  ['a value that is not latin1', { 'X-A': 'canary€' }, /a character that no header may have/],
  ['an empty name', { '': 'canary' }, /"" cannot be a header's name/],
  ['a colon in a name', { 'X:A': 'canary' }, /"X:A" cannot be a header's name/],
  ['a line break in a name', { 'X\r\nHost': 'canary' }, /"X\\r\\nHost" cannot be a header's name/],
  ['a space in a name', { 'X A': 'canary' }, /cannot be a header's name/],
  ['too much text', { 'X-A': 'a'.repeat(20_000) }, /more than 64 headers or 16 KiB/],
  [
    'too many headers',
    Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`x-${i}`, ''])),
    /more than 64/,
  ],
];

function refusal(request: Partial<HttpRequest>, allowLoopback = true): Error {
  try {
    checkRequest({ ...GOOD, ...request }, { allowLoopback });
  } catch (error) {
    return error as Error;
  }
  throw new assert.AssertionError({ message: 'the request was not refused' });
}

describe('checkRequest', () => {
  it('gives the URL of a good request, without its fragment', () => {
    const url = checkRequest({ ...GOOD, url: `${GOOD.url}#part` }, { allowLoopback: false });
    assert.equal(url.href, GOOD.url);
  });

  for (const [url, message] of REFUSED_URLS) {
    it(`refuses the URL ${JSON.stringify(url.slice(0, 50))}, which only another spec helps`, () => {
      const error = refusal({ url });
      assert.ok(error instanceof StalledError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
    });
  }

  for (const url of LOOPBACK) {
    it(`refuses ${url} unless loopback is allowed`, () => {
      assert.match(refusal({ url }, false).message, /a loopback address is refused/);
      checkRequest({ ...GOOD, url }, { allowLoopback: true });
    });
  }

  for (const name of REFUSED_HEADERS) {
    it(`refuses the header ${name}`, () => {
      const error = refusal({ headers: { [name]: 'canary' } });
      assert.equal(error.message, `the header ${name} is refused; remove its key`);
    });
  }

  for (const [what, headers, message] of BROKEN_HEADERS) {
    it(`refuses ${what} of a header, without showing the value`, () => {
      const error = refusal({ headers });
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
    });
  }

  const others: [string, Partial<HttpRequest>, RegExp][] = [
    ['another method', { method: 'DELETE' as 'GET' }, /GET or POST/],
    ['a large body', { method: 'POST', body: 'a'.repeat(70_000) }, /larger than 64 KiB/],
    ['no time', { timeout: 0 }, /longer than 0s/],
    ['negative time', { timeout: -1 }, /longer than 0s/],
    ['endless time', { timeout: Number.POSITIVE_INFINITY }, /at most 1h/],
    ['time that is no number', { timeout: Number.NaN }, /longer than 0s/],
  ];
  for (const [what, request, message] of others) {
    it(`refuses ${what}`, () => assert.match(refusal(request).message, message));
  }

  it('lets no header through that could end a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        try {
          checkRequest({ ...GOOD, headers: { [name]: value } }, { allowLoopback: true });
        } catch {
          return;
        }
        assert.doesNotMatch(`${name}${value}`, /[\r\n\0]/);
      }),
    );
  });
});
