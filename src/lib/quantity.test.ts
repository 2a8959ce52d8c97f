import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareQuantities,
  formatInUnit,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityToNumber,
  roundUpQuantity,
} from './quantity.ts';

const canonical = (text: string) => formatQuantity(parseQuantity(text));

const quantities: fc.Arbitrary<Quantity> = fc.record({
  nanos: fc.bigInt({ min: -(2n ** 62n) * 10n ** 9n, max: 2n ** 62n * 10n ** 9n }),
  format: fc.constantFrom('BinarySI', 'DecimalSI', 'DecimalExponent'),
});

/** Any text that the grammar allows, of moderate size. */
const texts = fc
  .tuple(
    fc.constantFrom('', '+', '-'),
    fc.nat({ max: 10 ** 9 }),
    fc.constantFrom('', '.', '.5', '.25', '.000000001', '.0000000001', '.123456789012'),
    fc.constantFrom(
      '',
      'n',
      'u',
      'm',
      'k',
      'M',
      'G',
      'T',
      'P',
      'E',
      'Ki',
      'Mi',
      'Gi',
      'e3',
      'E-3',
      'e+0',
      'e7',
    ),
  )
  .map((parts) => parts.join(''));

describe('parseQuantity and formatQuantity', () => {
  const known: [text: string, canonical: string][] = [
    ['0', '0'],
    ['-0', '0'],
    ['0Ki', '0'],
    ['0.000', '0'],
    ['1', '1'],
    ['+1', '1'],
    ['01', '1'],
    ['1.', '1'],
    ['.5', '500m'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1001m', '1001m'],
    ['100m', '100m'],
    ['1.5', '1500m'],
    ['-1.5', '-1500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1Ki', '1Ki'],
    ['0.5Ki', '512'],
    ['1023', '1023'],
    ['1024', '1024'],
    ['2048Ki', '2Mi'],
    ['-2048Ki', '-2Mi'],
    ['1.1Ki', '1126400m'],
    ['0.0001Ki', '102400u'],
    ['360Ki', '360Ki'],
    ['1258291Ki', '1258291Ki'],
    ['1048576Ki', '1Gi'],
    ['1000k', '1M'],
    ['1500k', '1500k'],
    ['1234567', '1234567'],
    ['1000000', '1M'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['12e6', '12e6'],
    ['1e2', '100'],
    ['1e4', '10e3'],
    ['1500e0', '1500'],
    ['1e-3', '1e-3'],
    ['5e-1', '500e-3'],
    ['1E', '1E'],
    ['1000E', '1000E'],
    ['1n', '1n'],
    ['1000n', '1u'],
    ['1u', '1u'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['1.0000000001', '1000000001n'],
    ['1e-64', '1e-9'],
    ['7Ei', '7Ei'],
    ['8Ei', '9223372036854775807'],
    ['100Ei', '9223372036854775807'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', '9223372036854775808'],
    ['100000000000000000000', '100E'],
  ];
  for (const [text, expected] of known) {
    it(`writes ${text} as ${expected}`, () => assert.equal(canonical(text), expected));
  }

  const refused: [text: string, hint: RegExp][] = [
    ['1.48e+06Ki', /an exponent and a suffix exclude each other; write 1480000Ki$/],
    ['1e-3Mi', /an exponent and a suffix exclude each other$/],
    ['1e99Mi', /an exponent and a suffix exclude each other$/],
    ['1e3Mi', /write 1000Mi$/],
    [`${'9'.repeat(5000)}e3Mi`, /: "9{40}\.\.\." is not a quantity .* exclude each other$/],
    [`1.${'9'.repeat(5000)}e5000Mi`, /exclude each other$/],
    ['', /it is empty$/],
    ['1.2E6m', /write 1200000m$/],
    ['128 Mi', /remove the space$/],
    [' 128Mi', /remove the space$/],
    ['128Mi\n', /remove the space$/],
    ['128K', /write Ki for 1024 or k for 1000$/],
    ['128MB', /the suffixes are n u m k M G T P E and Ki Mi Gi Ti Pi Ei$/],
    ['128mi', /the suffixes are/],
    ['128MiB', /the suffixes are/],
    ['1g', /the suffixes are/],
    ['NaN', /it is no finite number$/],
    ['NaNKi', /it is no finite number$/],
    ['+Inf', /it is no finite number$/],
    ['1e65', /is not a quantity/],
    ['1e999999999999', /is not a quantity/],
    ['1'.repeat(65), /is not a quantity/],
  ];
  for (const [text, hint] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))} with a hint`, () =>
      assert.throws(() => parseQuantity(text), hint));
  }
  for (const text of [
    '',
    '.',
    '-',
    '+',
    'Ki',
    'm',
    'e3',
    '1e',
    '1e+',
    '--1',
    '+-1',
    '1..2',
    '1.2.3',
    '0x10',
    '1,5',
    '١',
    '5%',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseQuantity(text), RangeError));
  }

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(quantities, (quantity) => {
        assert.equal(parseQuantity(formatQuantity(quantity)).nanos, quantity.nanos);
      }),
    );
  });

  it('has one canonical form', () => {
    fc.assert(fc.property(texts, (text) => assert.equal(canonical(canonical(text)), canonical(text))));
  });

  it('writes no fraction and never an exponent with a suffix', () => {
    fc.assert(
      fc.property(texts, (text) => assert.match(canonical(text), /^-?\d+([numkMGTPE]|[KMGTPE]i|e-?\d+)?$/)),
    );
  });
});

describe('compareQuantities', () => {
  const pairs: [a: string, b: string, order: number][] = [
    ['1Gi', '1G', 1],
    ['1000m', '1', 0],
    ['1024Ki', '1Mi', 0],
    ['999m', '1', -1],
    ['-1', '1n', -1],
    ['1e3', '1k', 0],
  ];
  for (const [a, b, order] of pairs) {
    it(`orders ${a} against ${b}`, () => {
      assert.equal(compareQuantities(parseQuantity(a), parseQuantity(b)), order);
      assert.equal(compareQuantities(parseQuantity(b), parseQuantity(a)), order === 0 ? 0 : -order);
    });
  }

  it('orders fractions as cross-multiplication does', () => {
    const halves = fc.record({ mantissa: fc.integer({ min: -9999, max: 9999 }), scale: fc.nat({ max: 6 }) });
    const write = (value: { mantissa: number; scale: number }) => `${value.mantissa}e-${value.scale}`;
    fc.assert(
      fc.property(halves, halves, (a, b) => {
        const left = BigInt(a.mantissa) * 10n ** BigInt(b.scale);
        const right = BigInt(b.mantissa) * 10n ** BigInt(a.scale);
        const expected = left < right ? -1 : Number(left > right);
        assert.equal(compareQuantities(parseQuantity(write(a)), parseQuantity(write(b))), expected);
      }),
    );
  });
});

describe('roundUpQuantity', () => {
  const rounded: [quantity: string, step: string, result: string][] = [
    ['360Ki', '16Mi', '16Mi'],
    ['16Mi', '16Mi', '16Mi'],
    ['16777217', '16Mi', '32Mi'],
    ['1.1', '100m', '1100m'],
    ['1.01', '100m', '1100m'],
    ['1000M', '1Mi', '954Mi'],
    ['-1.5', '1', '-1'],
    ['-2', '1', '-2'],
    ['0', '1Mi', '0'],
  ];
  for (const [quantity, step, result] of rounded) {
    it(`rounds ${quantity} up to ${result} in steps of ${step}`, () => {
      assert.equal(formatQuantity(roundUpQuantity(parseQuantity(quantity), parseQuantity(step))), result);
    });
  }

  it('gives the least multiple that is not below', () => {
    const steps = fc
      .bigInt({ min: 1n, max: 10n ** 15n })
      .map((nanos): Quantity => ({ nanos, format: 'DecimalSI' }));
    fc.assert(
      fc.property(quantities, steps, (quantity, step) => {
        const up = roundUpQuantity(quantity, step);
        assert.equal(up.nanos % step.nanos, 0n);
        assert.ok(up.nanos >= quantity.nanos && up.nanos - quantity.nanos < step.nanos);
      }),
    );
  });

  it('refuses a step that is not above zero', () => {
    assert.throws(() => roundUpQuantity(parseQuantity('1'), parseQuantity('0')), /must be above zero$/);
  });
});

describe('formatInUnit', () => {
  const written: [quantity: string, unit: string, result: string][] = [
    ['1Gi', 'Mi', '1024Mi'],
    ['1', 'Mi', '1Mi'],
    ['1500m', '', '2'],
    ['1500m', 'm', '1500m'],
    ['1', 'n', '1000000000n'],
    ['-1500m', '', '-1'],
    ['0', 'Gi', '0'],
    ['7Ei', 'Ei', '7Ei'],
    ['1001', 'k', '2k'],
  ];
  for (const [quantity, unit, result] of written) {
    it(`writes ${quantity} in ${unit || 'ones'} as ${result}`, () => {
      assert.equal(formatInUnit(parseQuantity(quantity), unit), result);
    });
  }

  for (const unit of ['K', 'mi', 'MB', ' ', 'e3']) {
    it(`refuses the unit ${JSON.stringify(unit)}`, () => {
      assert.throws(() => formatInUnit(parseQuantity('1'), unit), /is no unit: the suffixes are n u m k M/);
    });
  }
});

describe('quantityToNumber', () => {
  const numbers: [quantity: string, number: number | bigint][] = [
    ['1500m', 1.5],
    ['0', 0],
    ['-2Ki', -2048],
    ['1n', 1e-9],
    ['8Ei', 2n ** 63n - 1n],
    ['1Ei', 2n ** 60n],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740993', 2n ** 53n + 1n],
  ];
  for (const [quantity, number] of numbers) {
    it(`is ${number} for ${quantity}`, () => {
      assert.equal(quantityToNumber(parseQuantity(quantity)), number);
    });
  }
});
