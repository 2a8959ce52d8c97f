import assert from 'node:assert/strict';
import { refusal } from '../../../test/harness/fake-collection.ts';
import { classifyFailure, isNotServed, MissedEventsError, RewoundError } from './watch-failure.ts';

const tooLarge = { causes: [{ reason: 'ResourceVersionTooLarge' }] };

describe('classifyFailure', () => {
  for (const [name, error, expected] of [
    ['410', refusal(410), { kind: 'expired' }],
    ['a reason Expired', refusal(0, { reason: 'Expired' }), { kind: 'expired' }],
    ['a reason Gone', refusal(0, { reason: 'Gone' }), { kind: 'expired' }],
    ['missed events', new MissedEventsError(2), { kind: 'expired' }],
    ['403', refusal(403), { kind: 'forbidden' }],
    ['404', refusal(404), { kind: 'gone' }],
    ['405', refusal(405), { kind: 'gone' }],
    ['a version too large', refusal(504, { details: tooLarge }), { kind: 'rewound' }],
    [
      'the words of old servers for it',
      new Error('Too large resource version: 9, current: 3'),
      { kind: 'rewound' },
    ],
    ['another history', new RewoundError(), { kind: 'rewound' }],
    [
      '504 for another cause',
      refusal(504, { details: { causes: [{ reason: 'x' }] } }),
      { kind: 'transient' },
    ],
    ['500', refusal(500), { kind: 'transient' }],
    ['401', refusal(401), { kind: 'transient' }],
    ['429', refusal(429, { retryAfter: 3000 }), { kind: 'transient', retryAfter: 3000 }],
    ['410 with patience', refusal(410, { retryAfter: 1000 }), { kind: 'expired', retryAfter: 1000 }],
    ['a connection', new TypeError('terminated'), { kind: 'transient' }],
    ['nothing', undefined, { kind: 'transient' }],
  ] as const) {
    it(`takes ${name} for ${expected.kind}`, () => assert.deepEqual(classifyFailure(error), expected));
  }
});

describe('isNotServed', () => {
  for (const [status, expected] of [
    [404, true],
    [405, false],
    [403, false],
    [500, false],
  ] as const) {
    it(`is ${expected} of ${status}`, () => assert.equal(isNotServed(refusal(status)), expected));
  }
});
