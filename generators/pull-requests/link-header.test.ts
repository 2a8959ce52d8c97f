import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import { nextLink } from './link-header.ts';

const PAGE = 'https://scm.example/api/pulls?page=1&per_page=100';
const NEXT = 'https://scm.example/api/pulls?page=2';

describe('the next page in a Link header', () => {
  const found: [what: string, header: string | undefined, next: string | undefined][] = [
    ['there is no header', undefined, undefined],
    ['the header is empty', '', undefined],
    ['GitHub gives it', `<${NEXT}>; rel="next", <https://scm.example/api/pulls?page=5>; rel="last"`, NEXT],
    ['it is the last one', `<https://x/1>; rel="prev", <${NEXT}>; rel="next"`, NEXT],
    ['there is none', '<https://x/1>; rel="prev", <https://x/1>; rel="first"', undefined],
    ['the relation has no quotes', `<${NEXT}>;rel=next`, NEXT],
    ['the relation has another case', `<${NEXT}>; REL="Next"`, NEXT],
    ['the link has several relations', `<${NEXT}>; rel="last next"`, NEXT],
    ['other parameters come first', `<${NEXT}>; title="a, b; c"; foo*=UTF-8''x; bar; rel="next"`, NEXT],
    ['the first relation counts', `<https://x/1>; rel="prev"; rel="next"`, undefined],
    ['a target has commas', `<https://x/a,b>; rel="prev",<${NEXT}>; rel="next"`, NEXT],
    ['it is relative', '</api/pulls?page=2>; rel="next"', NEXT],
    ['it is a query', '<?page=2>; rel="next"', NEXT],
    ['another relation contains the word', '<https://x/1>; rel="nextish"', undefined],
    ['links are empty', `,, <${NEXT}>; rel="next" ,`, NEXT],
    [
      'its path is another one',
      '<https://scm.example/repositories/1/pulls?page=2>; rel="next"',
      'https://scm.example/repositories/1/pulls?page=2',
    ],
  ];
  for (const [what, header, next] of found) {
    it(`is right where ${what}`, () => assert.equal(nextLink(header, PAGE), next));
  }

  const unreadable: [string, string][] = [
    ['no link', 'canary'],
    ['a target that does not end', '<https://scm.example/canary'],
    ['a target that is no URL', '<https://:canary>; rel="next"'],
    ['text behind a link', `<${NEXT}> canary; rel="next"`],
    ['a quote that does not end', `<${NEXT}>; rel="next`],
    ['too much of it', `<${NEXT}>; rel="next"; a="${'x'.repeat(20_000)}"`],
  ];
  for (const [what, header] of unreadable) {
    it(`is an error where there is ${what}`, () => {
      assert.throws(() => nextLink(header, PAGE), {
        message: 'the Link header of the answer cannot be read, so the next page is unknown',
      });
    });
  }

  for (const target of [
    'https://evil.example/api/pulls?page=2',
    'http://scm.example/api/pulls?page=2',
    'https://scm.example:8443/api/pulls?page=2',
    '//evil.example/pulls',
    'https://scm.example@evil.example/pulls',
    'https://u:p@scm.example/api/pulls?page=2',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ]) {
    it(`is an error where it leads to ${target}`, () => {
      assert.throws(() => nextLink(`<${target}>; rel="next"`, PAGE), /leads to another origin/);
    });
  }

  it('is found in time that grows no faster than the header', () => {
    for (const part of [' ', ';', '; a', '; a=', '; a="', '<', '<a>', '<a>;', ',', '"', '; rel ']) {
      const header = `<${NEXT}>${part.repeat(15_000 / part.length)}`;
      const begun = processorTime();
      try {
        nextLink(header, PAGE);
      } catch {
        // Only the time counts here.
      }
      const time = processorTime() - begun;
      assert.ok(time < 200, `${JSON.stringify(part)}: ${time} ms`);
    }
  });
});
