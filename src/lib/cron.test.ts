import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkTimeZone, parseCron } from './cron.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number | undefined) => time && new Date(time).toISOString().replace('.000Z', 'Z');

describe('parseCron', () => {
  const times: [expression: string, zone: string, from: string, previous: string, next: string][] = [
    ['0 6 * * *', 'UTC', '2026-11-22T05:59:59Z', '2026-11-21T06:00:00Z', '2026-11-22T06:00:00Z'],
    ['0 6 * * *', 'UTC', '2026-11-22T06:00:00Z', '2026-11-22T06:00:00Z', '2026-11-23T06:00:00Z'],
    ['0 6 * * *', 'UTC', '2026-11-22T06:00:00.001Z', '2026-11-22T06:00:00Z', '2026-11-23T06:00:00Z'],
    [' 0  6 * * 1-5 ', 'UTC', '2026-11-21T12:00:00Z', '2026-11-20T06:00:00Z', '2026-11-23T06:00:00Z'],
    ['0 6 * * MON-fri', 'UTC', '2026-11-21T12:00:00Z', '2026-11-20T06:00:00Z', '2026-11-23T06:00:00Z'],
    ['0 6 * * 7', 'UTC', '2026-11-21T12:00:00Z', '2026-11-15T06:00:00Z', '2026-11-22T06:00:00Z'],
    ['*/20 * * * *', 'UTC', '2026-11-22T06:25:00Z', '2026-11-22T06:20:00Z', '2026-11-22T06:40:00Z'],
    ['0 0 1,15 * 1', 'UTC', '2026-11-03T00:00:01Z', '2026-11-02T00:00:00Z', '2026-11-09T00:00:00Z'],
    ['0 0 29 2 *', 'UTC', '2026-11-03T00:00:00Z', '2024-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['@hourly', 'Asia/Kolkata', '2026-11-22T06:10:00Z', '2026-11-22T05:30:00Z', '2026-11-22T06:30:00Z'],
    ['@daily', 'Europe/Berlin', '2026-11-22T06:10:00Z', '2026-11-21T23:00:00Z', '2026-11-22T23:00:00Z'],
    // The clock goes from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-28T01:30:00Z', '2026-03-29T01:00:00Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    [
      '30 2,14 * * *',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      '2026-03-28T13:30:00Z',
      '2026-03-29T01:00:00Z',
    ],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T01:45:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00Z'],
  ];
  for (const [expression, zone, from, previous, next] of times) {
    it(`"${expression}" in ${zone} stands at ${from} between ${previous} and ${next}`, () => {
      const cron = parseCron(expression, zone);
      assert.deepEqual([iso(cron.previous(at(from))), iso(cron.next(at(from)))], [previous, next]);
    });
  }

  const refused: [expression: string, message: RegExp][] = [
    ['', /^"" is no cron expression; write minute, hour/],
    ['0 6 * *', /is no cron expression/],
    ['0 0 6 * * *', /is no cron expression/],
    ['CRON_TZ=UTC 0 6 * * *', /is no cron expression/],
    ['@reboot', /is no cron expression/],
    ['@every 5m', /is no cron expression/],
    ['2026-11-22T06:00:00', /is no cron expression/],
    ['60 * * * *', /^"60" is no minute; write numbers/],
    ['0 24 * * *', /^"24" is no hour/],
    ['0 6 0 * *', /^"0" is no day of month/],
    ['0 6 1 13 *', /^"13" is no month/],
    ['0 6 * * 8', /^"8" is no day of week/],
    ['0 6 * * 1-5,', /^"1-5," is no day of week/],
    ['5-1 * * * *', /^"5-1" is no minute/],
    ['*/0 * * * *', /^"\*\/0" is no minute/],
    ['H * * * *', /^"H" is no minute/],
    ['? * * * *', /^"\?" is no minute/],
    ['0 6 1 * +1', /^"\+1" is no day of week/],
    ['0 6\t* * *', /is no cron expression/],
    ['0 0 30 2 *', /^"0 0 30 2 \*" never comes$/],
  ];
  for (const [expression, message] of refused) {
    it(`refuses ${JSON.stringify(expression)}`, () =>
      assert.throws(() => parseCron(expression, 'UTC'), { name: 'RangeError', message }));
  }

  it('finds the same times forward and backward', () => {
    const expressions = ['0 6 * * *', '*/15 * * * *', '30 2 * * *', '0 0 1 * *', '15 1,2,3 * * 0'];
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const instants = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...expressions), fc.constantFrom(...zones), instants, (text, zone, now) => {
        const cron = parseCron(text, zone);
        const next = cron.next(now) as number;
        const previous = cron.previous(now) as number;
        assert.ok(previous <= now && now < next);
        assert.equal(cron.next(previous), next, 'nothing lies between');
        assert.equal(cron.previous(next - 1), previous, 'nothing lies between');
        assert.equal(cron.previous(next), next);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a bounded number of expressions', () => {
    const first = parseCron('1 1 1 1 *', 'UTC');
    assert.equal(parseCron('1 1 1 1 *', 'UTC'), first);
    for (let i = 0; i < 1000; i++) parseCron(`${i % 60} ${Math.floor(i / 60)} 2 1 *`, 'UTC');
    assert.notEqual(parseCron('1 1 1 1 *', 'UTC'), first);
  });
});

describe('checkTimeZone', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5']) {
    it(`takes ${name}`, () => assert.doesNotThrow(() => checkTimeZone(name)));
  }
  for (const name of ['', 'Mars/Olympus', '+02:00', 'GMT+1', '__proto__', '../../etc/passwd']) {
    it(`refuses ${JSON.stringify(name)}`, () =>
      assert.throws(() => checkTimeZone(name), {
        name: 'RangeError',
        message: /is no time zone; write an IANA/,
      }));
  }
});
