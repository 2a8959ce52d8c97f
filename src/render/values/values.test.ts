import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDecimals, divideDecimals, fromDecimal, multiplyDecimals, toDecimal } from './decimal.ts';
import { formatPlain, formatShortest, layoutPlain } from './format-float.ts';
import { goInt } from './go-number.ts';
import { parseFloatText, parseIntText } from './parse-number.ts';
import { formatPrintf } from './printf.ts';
import { roundToDecimals } from './round-float.ts';
import { compareBytes } from './sorted-keys.ts';
import { toJsonValue } from './to-json-value.ts';
import { createMap, getKey, nilList, setKey } from './value.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('floats as text', () => {
  it('read back as the same number, plain and shortest', () => {
    fc.assert(
      fc.property(finite, (value) => {
        assert.equal(Number(formatPlain(value)), value);
        assert.equal(Number(formatShortest(value)), value);
        assert.doesNotMatch(formatPlain(value), /e/i);
      }),
    );
  });

  const cases: [number, string][] = [
    [999999, '999999'],
    [1000000, '1e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1e100, '1e+100'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ];
  for (const [value, text] of cases) {
    it(`${text} has Go's form`, () => assert.equal(formatShortest(value), text));
  }

  it('are rounded to the nearest decimal, ties to even', () => {
    const ties: [number, number, string][] = [
      [0.5, 0, '0'],
      [1.5, 0, '2'],
      [2.5, 0, '2'],
      [0.125, 2, '0.12'],
      [0.375, 2, '0.38'],
      [1.005, 2, '1.00'],
      [-2.5, 0, '-2'],
    ];
    for (const [value, decimals, text] of ties)
      assert.equal(layoutPlain(roundToDecimals(value, decimals)), text);
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        const text = layoutPlain(roundToDecimals(value / 1000, decimals));
        assert.ok(Math.abs(Number(text) - value / 1000) <= 0.5 * 10 ** -decimals + 1e-6);
      }),
    );
  });
});

describe('numbers from text', () => {
  const cases: [string, number | undefined, number | bigint | undefined][] = [
    ['12', 12, 12],
    ['0x1F', undefined, 31],
    ['010', 10, 8],
    ['08', 8, undefined],
    ['1e3', 1000, undefined],
    ['0x1p4', 16, undefined],
    ['inf', Number.POSITIVE_INFINITY, undefined],
    ['9223372036854775807', 2 ** 63, 9223372036854775807n],
    ['9223372036854775808', 2 ** 63, undefined],
    ['1_000', 1000, 1000],
    ['1__0', undefined, undefined],
    [' 1', undefined, undefined],
    ['', undefined, undefined],
    ['1e999', undefined, undefined],
  ];
  for (const [text, float, int] of cases) {
    it(`"${text}" is ${float} and ${int}`, () => {
      assert.equal(parseFloatText(text), float);
      assert.equal(parseIntText(text), int);
    });
  }
});

describe('decimals', () => {
  const small = fc.integer({ min: -1e6, max: 1e6 });

  it('add and multiply without rounding', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [x, y] = [toDecimal(a / 100), toDecimal(b / 100)];
        assert.equal(fromDecimal(addDecimals(x, y), false), (a + b) / 100);
        assert.equal(fromDecimal(multiplyDecimals(x, y), false), (a * b) / 10000 + 0);
      }),
    );
  });

  it('divide to sixteen decimals and refuse zero', () => {
    assert.equal(divideDecimals(toDecimal(2), toDecimal(3)).coefficient, 6666666666666667n);
    assert.equal(divideDecimals(toDecimal(-2), toDecimal(3)).coefficient, -6666666666666667n);
    assert.throws(() => divideDecimals(toDecimal(1), toDecimal(0)), /decimal division by 0/);
    assert.throws(() => toDecimal(Number.NaN), /NaN/);
  });

  it('keep integers beyond 2^53 when asked to', () => {
    const value = multiplyDecimals(toDecimal(9007199254740993n), toDecimal(1));
    assert.equal(fromDecimal(value, true), 9007199254740993n);
    assert.equal(fromDecimal(value, false), 9007199254740992);
  });
});

describe('Go integers', () => {
  it('wrap at 64 bits and are numbers while that is exact', () => {
    assert.equal(goInt(2n ** 63n).n, -(2n ** 63n));
    assert.equal(goInt(2n ** 64n + 5n).n, 5);
    assert.equal(goInt(2 ** 60).n, 2n ** 60n);
    assert.equal(goInt(7, 'int64').kind, 'int64');
  });
});

describe('compareBytes', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        assert.equal(Math.sign(compareBytes(a, b)), bytes);
      }),
    );
  });
});

describe('printf', () => {
  it('never fails, whatever the format', () => {
    const part = fc.constantFrom(
      '%',
      'd',
      's',
      'v',
      'q',
      'x',
      'f',
      'g',
      'e',
      'T',
      '+',
      '-',
      '#',
      '0',
      ' ',
      '5',
      '.',
      '*',
      '[1]',
      '[',
      ']',
      '[9]',
      'é',
      'U',
      'c',
      'b',
      't',
      'p',
      'z',
    );
    const value = fc.constantFrom(1, 'a', true, null, 2.5, goInt(3), [1, null], { a: 1 }, 5n);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(value, { maxLength: 4 }), (parts, args) => {
        assert.equal(typeof formatPrintf(parts.join(''), args, 'exact'), 'string');
        assert.equal(typeof formatPrintf(parts.join(''), args, 'go'), 'string');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('toJsonValue', () => {
  it('turns Go values into JSON', () => {
    const value = createMap([
      ['i', goInt(3)],
      ['none', undefined],
      ['list', [goInt(2n ** 62n), nilList()]],
      ['__proto__', 1],
    ]);
    const json = toJsonValue(value) as Record<string, unknown>;
    assert.deepEqual(Object.entries(json), [
      ['i', 3],
      ['none', null],
      ['list', [2n ** 62n, null]],
      ['__proto__', 1],
    ]);
  });

  it('refuses what JSON cannot hold', () => {
    const loop = createMap();
    setKey(loop, 'loop', loop);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, loop]) assert.throws(() => toJsonValue(value));
  });
});

describe('maps', () => {
  it('keep any key as their own', () => {
    const map = createMap();
    for (const key of ['__proto__', 'constructor', 'a']) {
      assert.equal(getKey(map, key), undefined);
      setKey(map, key, key);
      assert.equal(getKey(map, key), key);
    }
    assert.deepEqual(Object.keys(map), ['__proto__', 'constructor', 'a']);
  });
});
