import assert from 'node:assert/strict';
import { errorTypeOf, parseJsonAnswer } from './json-answer.ts';

describe('parseJsonAnswer', () => {
  it('reads JSON, whatever the server calls it', () => {
    assert.deepEqual(parseJsonAnswer({ headers: { 'content-type': 'text/html' }, body: '{"a":1}' }), {
      a: 1,
    });
  });

  const refused: [what: string, headers: Record<string, string>, body: string, message: RegExp][] = [
    ['a page', {}, ' <!doctype html>', /not JSON but HTML, such as a login page: /],
    ['what calls itself a page', { 'content-type': 'text/html; charset=utf-8' }, 'Hello', /but HTML/],
    ['other text', {}, 'Hello', /^the answer is not JSON: /],
    ['nothing', {}, '', /^the answer is not JSON: /],
    ['JSON that is cut short', {}, '{"a":', /^the answer is not JSON: /],
  ];
  for (const [what, headers, body, message] of refused) {
    it(`refuses ${what}, and says no word of it`, () =>
      assert.throws(
        () => parseJsonAnswer({ headers, body }),
        (error: Error) => message.test(error.message) && !error.message.includes('Hello'),
      ));
  }
});

describe('errorTypeOf', () => {
  const cases: [body: string, type: string][] = [
    ['{"status":"error","errorType":"bad_data","error":"parse error"}', ' (bad_data)'],
    [
      '{"errorType":"bad_data","error":"invalid parameter \\"query\\": 2:15: parse error: canary"}',
      ' (bad_data, at line 2, column 15 of the query)',
    ],
    [
      '{"errorType":"bad_data","error":"1:5: parse error: canary"}',
      ' (bad_data, at line 1, column 5 of the query)',
    ],
    ['{"errorType":"bad_data","error":"canary 1:5: parse error: canary"}', ' (bad_data)'],
    ['{"errorType":"bad_data","error":"1234567:5: parse error: "}', ' (bad_data)'],
    ['{"errorType":"canary","error":"1:5: parse error: "}', ''],
    ['{"status":"error","errorType":"canary"}', ''],
    ['<html>', ''],
    ['', ''],
  ];
  for (const [body, type] of cases) {
    it(`is "${type}" for ${body || 'nothing'}`, () => assert.equal(errorTypeOf(body), type));
  }
});
