import assert from 'node:assert/strict';
import { renderCase } from '../../../test/harness/render-case.ts';
import { deepEqual } from './compare.ts';
import { LimitFault, startMeter, stopMeter } from './meter.ts';
import { formatPrintf } from './printf.ts';
import { createMap } from './value.ts';

const data = { n: 3, half: 1.5, ports: [80, 443], map: { n: 3 } };

describe('JSON numbers beside Go integers', () => {
  const cases: [template: string, exact: string, go: string][] = [
    [
      '{{ has .n (list 3 4) }} {{ has 80 .ports }} {{ has "3" (list .n) }}',
      'true true false',
      'false false false',
    ],
    ['{{ without (list 3 4) .n }} {{ uniq (list 3 .n (int64 3)) }}', '[4] [3]', '[3 4] [3 3 3]'],
    ['{{ deepEqual .ports (list 80 443) }} {{ deepEqual .map (dict "n" 3) }}', 'true true', 'false false'],
    [
      '{{ deepEqual .half 1.5 }} {{ deepEqual .n 3.0 }} {{ has .half (list 1) }}',
      'true true false',
      'true true false',
    ],
    ['{{ printf "%*d %.*f" .n 5 .n .half }}', '  5 1.500', '%!(BADWIDTH)5 %!(BADPREC)1.500000'],
    ['{{ printf "%*d" .half 5 }}', '%!(BADWIDTH)5', '%!(BADWIDTH)5'],
  ];
  for (const [template, exact, go] of cases) {
    it(`${template} is ${exact}, and ${go} under Go numbers`, () => {
      assert.equal(renderCase(template, data, { numbers: 'exact' }), exact);
      assert.equal(renderCase(template, data, { numbers: 'go' }), go);
    });
  }
});

describe('work that is counted', () => {
  const wide = () => createMap(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, i] as const));
  const long = () => Array.from({ length: 60_000 }, (_, i) => i);
  const [a, b, c, d] = [wide(), wide(), long(), long()];
  const works: [name: string, run: () => unknown][] = [
    ['comparing wide maps', () => deepEqual('exact', a, b)],
    ['comparing long lists', () => deepEqual('exact', c, d)],
    ['looking for the end of an index in a format', () => formatPrintf('%['.repeat(10_000), [], 'exact')],
  ];
  for (const [name, run] of works) {
    it(`is ${name}`, () => {
      // The time is up from the start: whoever looks at the clock ends here.
      startMeter({ milliseconds: -1, clock: () => 0 });
      try {
        assert.throws(run, LimitFault);
      } finally {
        stopMeter();
      }
    });
  }
});
