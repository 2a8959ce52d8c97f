import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromCivil, toCivil } from './civil-time.ts';
import { zoneAt } from './load-zone.ts';
import { parseTime } from './parse-time.ts';
import { addNanoseconds, compareTimes, Time, timeFromNanoseconds, ZERO_TIME } from './time.ts';
import { LOCAL, UTC } from './zone.ts';
import { ZONE_NAMES } from './zone-names.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const RFC_3339 = '2006-01-02T15:04:05.999999999Z07:00';

describe('the calendar', () => {
  it('gives back every instant of 64 bits', () => {
    fc.assert(fc.property(int64, (unix) => assert.equal(fromCivil(toCivil(unix, 0)), unix)));
  });

  it('agrees with the platform where that has dates', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (unix) => {
        const text = new Time(BigInt(unix), 0, UTC).format('2006-01-02T15:04:05.000Z07:00');
        assert.equal(text, new Date(unix * 1000).toISOString());
      }),
    );
  });

  it('carries over what lies outside of its range', () => {
    const parts = { year: 2024, month: 14, day: 0, hour: 25, minute: -1, second: 61 };
    assert.equal(new Time(fromCivil(parts), 0, UTC).toString(), '2025-02-01 01:00:01 +0000 UTC');
  });
});

describe('times', () => {
  it('are read back from what they are written as', () => {
    const years = fc.bigInt({ min: -62_135_596_800_000_000_000n, max: 253_402_300_799_999_999_999n });
    fc.assert(
      fc.property(years, (nanoseconds) => {
        const time = timeFromNanoseconds(nanoseconds);
        assert.equal(compareTimes(parseTime(RFC_3339, time.format(RFC_3339)), time), 0);
      }),
    );
  });

  it('move by durations and back', () => {
    fc.assert(
      fc.property(int64, int64, (start, step) => {
        const time = timeFromNanoseconds(start);
        const moved = addNanoseconds(time, step);
        assert.ok(moved.nanosecond >= 0 && moved.nanosecond < 1e9);
        assert.equal(Math.sign(compareTimes(moved, time)), step === 0n ? 0 : step > 0n ? 1 : -1);
        assert.ok(addNanoseconds(moved, -step).isIdentical(time));
      }),
    );
  });

  it('are identical only in one zone', () => {
    const time = new Time(5n, 6, UTC);
    assert.ok(time.isIdentical(new Time(5n, 6, UTC)));
    assert.ok(!time.isIdentical(new Time(5n, 6, LOCAL)));
    assert.ok(!time.isIdentical(new Time(5n, 7, UTC)));
    const [a, b] = [0, 1].map(() => new Time(5n, 6, { name: 'X', offset: 60 })) as [Time, Time];
    assert.ok(!a.isIdentical(b));
    assert.ok(a.isDeepEqual(b));
  });

  it('begin with the year 1', () => {
    assert.equal(String(ZERO_TIME), '0001-01-01 00:00:00 +0000 UTC');
  });

  it('have JSON within the years of RFC 3339 alone', () => {
    assert.equal(parseTime('2006-01-02', '2024-05-06').toJson(), '2024-05-06T00:00:00Z');
    assert.throws(() => new Time(2n ** 40n, 0, UTC).toJson(), /year outside of range/);
  });

  const long = 'x'.repeat(10_001);
  const refused: [string, string, RegExp][] = [
    [long, '2024', /^Error: layout is longer than 10000 characters$/],
    ['2006', long, /^Error: parsing time: text is longer than 10000 characters$/],
    ['2006', 'y'.repeat(9000), /^.{0,800}$/],
    ['2006', '\u2028"\\', /as "2006"/],
  ];
  for (const [layout, text, message] of refused) {
    it(`are not read from ${layout.slice(0, 9)} and ${JSON.stringify(text.slice(0, 9))}, which is not quoted whole`, () => {
      assert.throws(() => parseTime(layout, text), message);
    });
  }
});

describe('zones', () => {
  const cases: [string, bigint, string, number][] = [
    ['Europe/Berlin', 1_705_320_000n, 'CET', 3600],
    ['Europe/Berlin', 1_720_000_000n, 'CEST', 7200],
    ['America/St_Johns', 1_705_320_000n, 'NST', -12_600],
    ['Asia/Kathmandu', 1_705_320_000n, '+0545', 20_700],
    ['America/Sao_Paulo', 1_705_320_000n, '-03', -10_800],
    ['America/New_York', -3_000_000_000n, 'LMT', -17_762],
    ['Europe/Paris', 2n ** 62n, 'CEST', 7200],
    ['Europe/Paris', -(2n ** 62n), 'LMT', 561],
  ];
  for (const [name, unix, abbreviation, offset] of cases) {
    it(`${name} is ${abbreviation} at ${unix}`, () => {
      assert.deepEqual(zoneAt(name, unix), { name: abbreviation, offset });
    });
  }

  it('are all known to the platform', () => {
    const names = ZONE_NAMES.flatMap(([, zones]) => zones.split(/\s/));
    assert.ok(names.length > 590);
    for (const name of names) assert.ok(zoneAt(name, 0n) !== undefined, name);
  });

  for (const name of ['europe/berlin', '__proto__', 'constructor', '../UTC', 'Nope', '+01:00']) {
    it(`${name} is none`, () => assert.equal(zoneAt(name, 0n), undefined));
  }
});
