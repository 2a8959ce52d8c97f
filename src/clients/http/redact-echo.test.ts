import assert from 'node:assert/strict';
import { createRedaction } from './redact-echo.ts';

const TOKEN = 'canary/to+ken<1>&"x"';
const BASIC = Buffer.from('user:canary:pass').toString('base64');

describe('the redaction of echoes', () => {
  const echoes: readonly (readonly [form: string, header: string, echo: string])[] = [
    ['the header', `Bearer ${TOKEN}`, `Authorization: Bearer ${TOKEN}`],
    ['the token alone', `Bearer ${TOKEN}`, `token ${TOKEN} is unknown`],
    ['another header', TOKEN, `X-Api-Key: ${TOKEN}`],
    ['JSON', TOKEN, JSON.stringify({ key: TOKEN })],
    ['JSON with escaped slashes', TOKEN, JSON.stringify({ key: TOKEN }).replaceAll('/', '\\/')],
    ['a URL', TOKEN, `https://x/?key=${encodeURIComponent(TOKEN)}`],
    ['a form', TOKEN, new URLSearchParams({ key: TOKEN }).toString()],
    ['base64', TOKEN, Buffer.from(TOKEN).toString('base64')],
    ['base64 of URLs', TOKEN, Buffer.from(TOKEN).toString('base64url')],
    ['hexadecimal', TOKEN, Buffer.from(TOKEN).toString('hex')],
    ['the basic credentials', `Basic ${BASIC}`, `got ${BASIC}`],
    ['the name and the password', `Basic ${BASIC}`, '{"user:canary:pass": 1}'],
    ['the password', `Basic ${BASIC}`, 'wrong password canary:pass'],
  ];
  for (const [form, header, echo] of echoes) {
    it(`takes out ${form}`, () => {
      const text = createRedaction({ 'x-header': header })(`before ${echo} after`);
      assert.match(text, /^before .*\[redacted\].* after$/);
      for (const part of [
        'canary',
        BASIC,
        Buffer.from('canary').toString('base64').slice(0, 8),
        '63616e617279',
      ])
        assert.ok(!text.includes(part), text);
    });
  }

  it('leaves what says nothing of who asks', () => {
    const headers = {
      accept: 'application/json',
      'content-type': 'text/plain',
      'user-agent': 'generatorset',
      a: '1',
    };
    const text = 'application/json text/plain generatorset 1 [] {}';
    assert.equal(createRedaction(headers)(text), text);
  });
});
