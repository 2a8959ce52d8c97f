import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderCase } from '../../../test/harness/render-case.ts';
import { parseQuantity } from '../../lib/quantity.ts';

const data = {
  bytes: 300_000_000,
  prometheus: '1.2345678e+06',
  cores: 0.25,
  huge: 2 ** 53 + 2,
  none: null,
  list: [],
  shown: '1.48e+06Ki',
};

/** Positive amounts as users have them: numbers, numbers as texts, quantities. */
const amounts = fc.oneof(
  fc.nat({ max: 10 ** 12 }),
  fc.nat({ max: 10 ** 9 }).map((n) => n / 1000),
  fc.nat({ max: 10 ** 9 }).map((n) => (n / 1000).toExponential()),
  fc
    .tuple(fc.nat({ max: 10 ** 6 }), fc.constantFrom('m', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi'))
    .map((parts) => parts.join('')),
);

const steps = fc.constantFrom('16Mi', '1Ki', '100m', '1', '5', '0.5', '10k', '7Mi', '1e3', '1n');
const units = fc.constantFrom('', 'm', 'u', 'n', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi');

function nanosOf(value: number | string): bigint {
  return parseQuantity(String(value)).nanos;
}

describe('quantities in templates', () => {
  const known: [template: string, output: string][] = [
    ['{{ .bytes | quantity }}', '300M'],
    ['{{ .prometheus | quantity }}', '1234567800m'],
    ['{{ quantity "1.234567e+06" }}', '1234567'],
    ['{{ .cores | quantity }}', '250m'],
    ['{{ quantity "0.5Gi" }}', '512Mi'],
    ['{{ quantity "1000m" }}', '1'],
    ['{{ quantity (int 3) }} {{ quantity .huge }}', '3 9007199254740994'],
    ['{{ quantity -1.5 }}', '-1500m'],
    ['{{ quantity 1e21 }}', '1000E'],
    ['{{ quantity 1e-12 }}', '1n'],
    ['{{ .bytes | roundUp "16Mi" }}', '288Mi'],
    ['{{ roundUp "16Mi" "1Gi" }}', '1Gi'],
    ['{{ roundUp "512Mi" "1025Mi" }}', '1536Mi'],
    ['{{ roundUp "100m" .cores }}', '300m'],
    ['{{ roundUp 5 12 }} {{ roundUp "5" 12 }} {{ roundUp 1000 1 }}', '15 15 1000'],
    ['{{ roundUp 0.5 1.2 }}', '1.5'],
    ['{{ roundUp 5 12 | add 1 }}', '16'],
    ['{{ roundUp "16Mi" 0 }}', '0'],
    ['{{ roundUp "1k" -1500 }}', '-1k'],
    ['{{ toQuantity "Mi" 314572800 }}', '300Mi'],
    ['{{ toQuantity "Mi" 314572801 }}', '301Mi'],
    ['{{ toQuantity "Mi" "2Gi" }}', '2048Mi'],
    ['{{ .cores | toQuantity "m" }}', '250m'],
    ['{{ toQuantity "" "1500m" }} {{ toQuantity "Gi" 0 }}', '2 0'],
    ['{{ fromQuantity "1500m" }} {{ fromQuantity "2Ki" }}', '1.5 2048'],
    ['{{ fromQuantity "1Ei" }} {{ fromQuantity "1n" }}', '1152921504606846976 0.000000001'],
    ['{{ fromQuantity "2Ki" | mul 3 }}', '6144'],
    ['{{ bytes "1.5Gi" }} {{ bytes "100m" }} {{ bytes .bytes }}', '1610612736 1 300000000'],
  ];
  for (const [template, output] of known) {
    it(`gives ${output} for ${template}`, () => assert.equal(renderCase(template, data), output));
  }

  const refused: [template: string, says: RegExp][] = [
    ['{{ .shown | quantity }}', /an exponent and a suffix exclude each other; write 1480000Ki$/],
    ['{{ quantity "1e-3Mi" }}', /an exponent and a suffix exclude each other$/],
    ['{{ quantity "NaN" }}', /it is no finite number$/],
    ['{{ roundUp "16Mi" "+Inf" }}', /it is no finite number$/],
    ['{{ quantity "" }}', /it is empty$/],
    ['{{ quantity "128MB" }}', /the suffixes are n u m k M G T P E and Ki Mi Gi Ti Pi Ei$/],
    ['{{ quantity 1e300 }}', /"1e\+300" is not a quantity/],
    ['{{ .none | quantity }}', /expected a number or a quantity such as 128Mi, not nil$/],
    ['{{ roundUp "16Mi" .list }}', /expected a number or a quantity such as 128Mi, not a slice$/],
    ['{{ bytes true }}', /expected a number or a quantity such as 128Mi, not a bool$/],
    ['{{ roundUp "0Mi" 1 }}', /the step must be above zero: write roundUp "16Mi" VALUE$/],
    ['{{ roundUp -5 1 }}', /the step must be above zero/],
    ['{{ toQuantity "MB" 1 }}', /"MB" is no unit: the suffixes are .*, or "" for none$/],
    ['{{ toQuantity "Mi" "x" }}', /"x" is not a quantity/],
  ];
  for (const [template, says] of refused) {
    it(`refuses ${template} and says why`, () => assert.throws(() => renderCase(template, data), says));
  }

  it('are never rounded below the value, and to the next multiple at most', () => {
    fc.assert(
      fc.property(amounts, steps, (value, step) => {
        const up = nanosOf(renderCase('{{ roundUp .step .value }}', { step, value }));
        assert.equal(up % nanosOf(step), 0n);
        assert.ok(up >= nanosOf(value) && up - nanosOf(value) < nanosOf(step));
      }),
    );
  });

  it('stay what they are when they are rounded or written again', () => {
    fc.assert(
      fc.property(amounts, steps, units, (value, step, unit) => {
        const given = { step, unit, value };
        const twice = '{{ $once := %s }}{{ eq (toString $once) (%s | toString) }}';
        for (const [once, again] of [
          ['roundUp .step .value', 'roundUp .step $once'],
          ['toQuantity .unit .value', 'toQuantity .unit $once'],
          ['quantity .value', 'quantity $once'],
        ] as const) {
          assert.equal(renderCase(twice.replace('%s', once).replace('%s', again), given), 'true', once);
        }
      }),
    );
  });

  it('keep their order when they are rounded', () => {
    fc.assert(
      fc.property(amounts, amounts, steps, (a, b, step) => {
        const [up, other] = [a, b].map((value) => {
          return nanosOf(renderCase('{{ roundUp .step .value }}', { step, value }));
        }) as [bigint, bigint];
        assert.ok(nanosOf(a) <= nanosOf(b) ? up <= other : up >= other);
      }),
    );
  });

  it('come back from quantities as the number they were', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), (value) => {
        assert.equal(renderCase('{{ .value | toQuantity "" | fromQuantity }}', { value }), String(value));
        assert.equal(renderCase('{{ .value | quantity | bytes }}', { value }), String(value));
      }),
    );
  });
});
