import assert from 'node:assert/strict';
import type { JsonObject } from '../../lib/json.ts';
import { eventHeaders, eventRow, eventTime } from './event-row.ts';

const now = new Date('2026-01-31T12:00:00Z');
const at = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

const EVENT: JsonObject = {
  metadata: { namespace: 'apps', creationTimestamp: at(50) },
  involvedObject: { kind: 'GeneratorSet', name: 'teams' },
  ...{ type: 'Normal', reason: 'R', message: ' made\n' },
};

describe('eventRow', () => {
  const seen: [string, JsonObject, string][] = [
    ['an event that came once', { firstTimestamp: at(12), lastTimestamp: at(12), count: 1 }, '12m'],
    [
      'one that came several times',
      { firstTimestamp: at(12), lastTimestamp: at(1), count: 3 },
      '60s (x3 over 12m)',
    ],
    ['one of the new form', { eventTime: at(15), lastTimestamp: null, firstTimestamp: null }, '15m'],
    [
      'a series of the new form',
      { eventTime: at(15), series: { count: 4, lastObservedTime: at(3) } },
      '3m (x4 over 15m)',
    ],
    ['one that says nothing of its time', {}, '50m'],
  ];
  for (const [what, fields, text] of seen) {
    it(`says when ${what} was seen`, () => {
      assert.equal(eventRow({ ...EVENT, ...fields }, false, now)[0], text);
    });
  }

  it("has Flux's columns", () => {
    assert.deepEqual(eventHeaders(true), ['namespace', 'last seen', 'type', 'reason', 'object', 'message']);
    const row = eventRow({ ...EVENT, count: 1, lastTimestamp: at(5) }, true, now);
    assert.deepEqual(row, ['apps', '5m', 'Normal', 'R', 'GeneratorSet/teams', 'made']);
  });

  it('takes an event of another form', () => {
    const forged = { message: 'a\u001b]0;title\u0007', involvedObject: 'none', type: 5 };
    const row = eventRow({ ...EVENT, ...forged } as JsonObject, false, now);
    assert.deepEqual(row.slice(1), ['', 'R', '/', forged.message]);
  });
});

describe('eventTime', () => {
  it('is the last time that an event tells of', () => {
    const series = { lastObservedTime: at(1) };
    assert.equal(eventTime({ ...EVENT, lastTimestamp: at(2), series }), at(1));
    assert.equal(eventTime({ ...EVENT, lastTimestamp: at(2), eventTime: at(3) }), at(2));
  });
});
