import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderCase } from '../../../test/harness/render-case.ts';

const PARTS = ['scheme', 'host', 'path', 'query', 'fragment', 'userinfo'];

describe('urlParse and urlJoin', () => {
  const known: [template: string, output: string][] = [
    ['{{ (urlParse "http://[fe80::1%25en0]:80/x").hostname }}', 'fe80::1%en0'],
    ['{{ urlParse "mailto:joe@example.com" | toJson }}', '"opaque":"joe@example.com"'],
    ['{{ urlJoin (dict "scheme" "http" "host" "h" "path" "a b/é?") }}', 'http://h/a%20b/%C3%A9%3F'],
    ['{{ urlJoin (dict "host" "h" "userinfo" "a:b") }}', '//a:b@h'],
    ['{{ urlJoin (dict "path" "a:b") }}', './a:b'],
    ['{{ (urlParse "https://bücher.example/ä?ä#ä").path }}', '/ä'],
  ];
  for (const [template, output] of known) {
    it(`give ${output} for ${template}`, () => assert.ok(renderCase(template).includes(output)));
  }

  const refused: [template: string, says: RegExp][] = [
    [
      '{{ urlParse "http://h/%zz" }}',
      /unable to parse url: parse "http:\/\/h\/%zz": invalid URL escape "%zz"$/,
    ],
    ['{{ urlParse "http://u:p@h:x" }}', /parse "http:\/\/\.\.\.": invalid port after host$/],
    ['{{ urlParse "http://h:x" }}', /invalid port ":x" after host$/],
    ['{{ urlJoin (dict "host" 1) }}', /unable to parse host key, must be of type string, but int found$/],
    ['{{ urlJoin (dict "userinfo" "a b") }}', /unable to parse userinfo in dict: /],
    ['{{ urlParse (repeat 70000 "a") }}', /text is larger than 65536 characters$/],
    ['{{ urlJoin (dict "path" (repeat 70000 "a")) }}', /text is larger than 65536 characters$/],
  ];
  for (const [template, says] of refused) {
    it(`refuse ${template}`, () => {
      assert.throws(() => renderCase(template, {}, { numbers: 'go' }), says);
    });
  }

  it('tell no user information, no query and no more than a line of a URL that they refuse', () => {
    const urls = [
      'http://joe:secret@h:x/',
      'http://joe:secret/x@h/',
      'http://joe:secret?x@h/',
      'http://joe:secret#x@h/',
      'joe:secret\x01@h',
      '//secret@h:x/',
      'http://h:x/?token=secret',
      `http://h:x/${'a'.repeat(500)}secret`,
    ];
    for (const url of urls) {
      assert.throws(
        () => renderCase('{{ urlParse .url }}', { url }),
        (error: Error) => !error.message.includes('secret') && error.message.length < 400,
      );
    }
  });

  it('are each other’s inverse on URLs that are put together', () => {
    const word = fc.stringMatching(/^[a-z0-9 é%/:?#[\]@!$&'()*+,;=-]{0,8}$/);
    const url = fc.record({
      scheme: fc.constantFrom('http', 's3'),
      host: fc.constantFrom('h', 'h:80', '[::1]', 'a.b'),
      path: word.map((text) => `/${text}`),
      query: fc.constantFrom('', 'a=b', 'a%20b'),
      fragment: word,
      userinfo: fc.constantFrom('', 'u', 'u:p', 'u:'),
    });
    fc.assert(
      fc.property(url, (parts) => {
        const read = JSON.parse(renderCase('{{ urlJoin . | urlParse | toJson }}', parts));
        for (const name of PARTS) assert.equal(read[name], parts[name as keyof typeof parts], name);
      }),
    );
  });
});
