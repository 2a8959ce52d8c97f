import assert from 'node:assert/strict';
import { describeUrl } from './describe-url.ts';

const CASES: [string, string][] = [
  ['http://prometheus:9090/api/v1/query?query=up', 'http://prometheus:9090/api/v1/query'],
  ['https://user:canary@example.com/a?token=canary#canary', 'https://example.com/a'],
  ['https://example.com/', 'https://example.com'],
  ['http://[::1]:80/x', 'http://[::1]/x'],
  ['not a url canary', 'a malformed URL'],
  ['http://exa mple/canary', 'a malformed URL'],
];

describe('describeUrl', () => {
  for (const [url, expected] of CASES) {
    it(`shows ${url} as ${expected}`, () => assert.equal(describeUrl(url), expected));
  }
});
