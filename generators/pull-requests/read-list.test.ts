import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerPage, itemOf, type PullRequestSample } from '../../test/harness/pull-request-answers.ts';
import type { Ask } from './ask.ts';
import { github } from './github.ts';
import { type PagedList, readList } from './read-list.ts';

const FIRST = 'https://scm.example/api/v3/repos/octo/hello/pulls?per_page=100';
const LIST: PagedList = { driver: github, api: 'https://scm.example/api/v3', firstPage: FIRST };

const count = (amount: number, from = 1): PullRequestSample[] =>
  Array.from({ length: amount }, (_, index) => ({ number: from + index }));

/** A server whose list may change before each request, by the number of requests before it. */
function askChanging(listAt: (request: number) => readonly PullRequestSample[]): {
  ask: Ask;
  asked: string[];
} {
  const asked: string[] = [];
  const ask: Ask = async (url, read) => {
    const { headers, body } = answerPage('github', listAt(asked.length), new URL(url));
    asked.push(url);
    return read({ url, headers, body: JSON.parse(body) });
  };
  return { ask, asked };
}

/** Answers in turn; the last one sticks. */
function askAnswers(...answers: { items: unknown[]; link?: string; total?: string }[]): Ask {
  let turn = 0;
  return async (url, read) => {
    const { items, link, total } = answers[Math.min(turn++, answers.length - 1)] as (typeof answers)[0];
    const headers = { ...(link !== undefined && { link }), ...(total !== undefined && { 'x-total': total }) };
    return read({ url, headers, body: items as never });
  };
}

const numbersOf = async (ask: Ask) => (await readList(LIST, ask)).map(({ number }) => number);
const link = (page: number | string) => `<${FIRST}&page=${page}>; rel="next"`;

describe('a list of pull requests', () => {
  it('lacks none when one is closed while it is read', async () => {
    const [whole, less] = [count(150), count(150).filter(({ number }) => number !== 5)];
    // The 101st moves to the page that has been read already.
    const { ask, asked } = askChanging((request) => (request === 0 ? whole : less));
    assert.deepEqual(
      await numbersOf(ask),
      less.map(({ number }) => number),
    );
    assert.equal(asked.length, 6);
  });

  it('is sorted by number, whatever order the server has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 230 }),
        async (numbers) => {
          const { ask } = askChanging(() => numbers.map((number) => ({ number })));
          assert.deepEqual(
            await numbersOf(ask),
            numbers.toSorted((one, other) => one - other),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it('never lacks what was open all the time, whatever comes and goes meanwhile', async () => {
    const rounds = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 220 }), { maxLength: 3 }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (closings) => {
        const gone = (request: number) => new Set(closings.slice(0, request).flat());
        const { ask } = askChanging((request) =>
          count(220).filter(({ number }) => !gone(request).has(number)),
        );
        const read = await numbersOf(ask).catch((error: Error) => {
          assert.match(error.message, /changed in each of 4 reads/);
          return undefined;
        });
        const everGone = gone(closings.length);
        const stayed = count(220).filter(({ number }) => !everGone.has(number));
        for (const { number } of stayed) assert.ok(read === undefined || read.includes(number), `${number}`);
      }),
      { numRuns: 40 },
    );
  });

  it('is an error when it does not keep still', async () => {
    const { ask } = askChanging((request) => count(150, 1 + request));
    await assert.rejects(numbersOf(ask), /changed in each of 4 reads/);
  });

  it('has at most 100 pages', async () => {
    const whole = askChanging(() => count(10_000));
    assert.equal((await numbersOf(whole.ask)).length, 10_000);
    assert.equal(whole.asked.length, 200);
    const more = askChanging(() => count(10_001));
    await assert.rejects(numbersOf(more.ask), /more than 100 pages or 10000 of open pull requests/);
    assert.equal(more.asked.length, 100);
  }).timeout(20_000);

  it('has at most 10000 pull requests, however large the pages', async () => {
    const items = count(10_001).map((sample) => itemOf('github', sample));
    await assert.rejects(numbersOf(askAnswers({ items, link: '' })), /more than .* 10000/);
  }).timeout(20_000);

  const one = itemOf('github', { number: 1 });
  const failures: [what: string, ask: Ask, message: RegExp][] = [
    [
      'a page that is its own next',
      askAnswers({ items: [one], link: `<${FIRST}>; rel="next"` }),
      /its own next page/,
    ],
    [
      'a page that came before',
      askAnswers({ items: [one], link: link(2) }, { items: [], link: link(3) }, { items: [], link: link(2) }),
      /its own next page/,
    ],
    [
      'pages without an end',
      (() => {
        let page = 1;
        return async (url, read) => read({ url, headers: { link: link(++page) }, body: [] });
      })() as Ask,
      /more than 100 pages/,
    ],
    ['one twice on a page', askAnswers({ items: [one, one] }), /pull request 1 twice/],
    ['an item that is a text', askAnswers({ items: [one, 'canary'] }), /not a list of pull requests/],
    [
      'a full page that has another behind it',
      askAnswers({ items: Array(100).fill(one) }),
      /its own|more than|twice/,
    ],
  ];
  for (const [what, ask, message] of failures) {
    it(`is an error with ${what}`, async () => {
      await assert.rejects(numbersOf(ask), message);
    });
  }

  it('is an error when its texts are too long to be kept', async () => {
    const title = 'x'.repeat(300_000);
    const page = (from: number) => count(20, from).map((one) => ({ ...itemOf('github', one), title }));
    const pages = Array.from({ length: 50 }, (_, index) => ({
      items: page(index * 20 + 1),
      link: link(index + 2),
    }));
    await assert.rejects(numbersOf(askAnswers(...pages)), {
      message: 'the texts of the pull requests are too long to be kept',
    });
  });

  it('goes on behind a full page that has no links', async () => {
    const [items, rest] = [count(100), count(3, 101)].map((list) => list.map((one) => itemOf('github', one)));
    const ask: Ask = async (url, read) => {
      const page = new URL(url).searchParams.get('page') ?? '1';
      return read({ url, headers: {}, body: (page === '1' ? items : rest) as never });
    };
    assert.equal((await numbersOf(ask)).length, 103);
  });

  it('is an error when the server counts more than it gives', async () => {
    const { gitlab } = await import('./gitlab.ts');
    const list = { ...LIST, driver: gitlab };
    const items = [itemOf('gitlab', { number: 1 })];
    await assert.rejects(readList(list, askAnswers({ items, total: '2' })), {
      message: 'the server gave 1 pull requests of 2, and no next page',
    });
    for (const total of ['1', '', 'many', undefined]) {
      const answer = { items, ...(total !== undefined && { total }) };
      assert.equal((await readList(list, askAnswers(answer))).length, 1);
    }
  });
});
