import assert from 'node:assert/strict';
import { assertErrors, type Mistake } from '../../test/harness/mistakes.ts';
import { readSample, sampleSet } from '../../test/harness/sample-sets.ts';

const mistakes: Mistake[] = [
  ['no entry', 'schedule: []', ['5:13: spec.schedule: is an empty list, needs at least one entry']],
  ['no time', 'schedule: [{timeZone: UTC}]', ['5:14: spec.schedule[0]: missing field "cron"']],
  [
    'a time of the day',
    'schedule: [{cron: "06:00"}]',
    [
      '5:21: spec.schedule[0].cron: "06:00" is no cron expression; write minute, hour, day of month, month and ' +
        'day of week, such as "0 6 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly',
    ],
  ],
  [
    'an hour that no day has',
    'schedule: [{cron: "0 24 * * *"}]',
    [
      '5:21: spec.schedule[0].cron: "24" is no hour; write numbers, ranges (1-5), lists (1,15), steps (*/10) or *',
    ],
  ],
  [
    'a day that no month has',
    'schedule: [{cron: "0 6 31 2,4 *"}]',
    ['5:21: spec.schedule[0].cron: "0 6 31 2,4 *" never comes'],
  ],
  [
    'a time zone that is none, with all else that is wrong',
    'schedule: [{cron: "0 6 * * *", timeZone: CET+1, window: 25h}, {cron: "* * * *"}]',
    [
      '5:44: spec.schedule[0].timeZone: "CET+1" is no time zone; write an IANA name such as Europe/Berlin, or UTC',
      '5:59: spec.schedule[0].window: is 25h, must be at most 24h; add an entry for each day instead',
      '5:72: spec.schedule[1].cron: "* * * *" is no cron expression; write minute, hour, day of month, month and ' +
        'day of week, such as "0 6 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly',
    ],
  ],
  [
    'a window in days',
    'schedule: [{cron: "@daily", window: 1d}]',
    [
      '5:39: spec.schedule[0].window: is "1d", must be a duration in hours, minutes and seconds, such as 24h or 5m30s',
    ],
  ],
];

describe('the schedule of a set', () => {
  for (const [title, text, errors] of mistakes) {
    it(`is refused with ${title}`, () => assertErrors(sampleSet(text), errors));
  }

  it('is in UTC and without a window where it does not say', () => {
    const { sets, lines } = readSample(sampleSet('schedule: [{cron: "0 6 * * 1-5"}]'));
    assert.deepEqual(lines, []);
    assert.deepEqual(sets[0]?.set.spec.schedule, [{ cron: '0 6 * * 1-5', timeZone: 'UTC', window: '0s' }]);
  });

  it('may have a window of a whole day', () => {
    const { lines } = readSample(
      sampleSet('schedule: [{cron: "@daily", timeZone: Europe/Berlin, window: 24h}]'),
    );
    assert.deepEqual(lines, []);
  });
});
