import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import { processorTime } from '../../../test/harness/processor-time.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { withAmbient } from './ambient.ts';

function renderWith(seed: number | string, template: string, data: object = {}): string {
  const program = compileTemplate(template, { name: 't', allowNonDeterministic: true });
  return withAmbient(fixedAmbient(seed), () => program.render(data));
}

describe('random functions', () => {
  const shapes: { template: string; pattern: RegExp }[] = [
    { template: '{{ randAlpha 40 }}', pattern: /^[A-Za-z]{40}$/ },
    { template: '{{ randAlphaNum 40 }}', pattern: /^[A-Za-z0-9]{40}$/ },
    { template: '{{ randNumeric 40 }}', pattern: /^\d{40}$/ },
    { template: '{{ randAscii 40 }}', pattern: /^[ -~]{40}$/ },
    { template: '{{ randBytes 20 }}', pattern: /^[A-Za-z0-9+/]{27}=$/ },
    { template: '{{ randAlpha 0 }}{{ randAlpha -1 }}{{ randBytes 0 }}', pattern: /^$/ },
    { template: '{{ randInt -2 2 }}', pattern: /^(-2|-1|0|1)$/ },
    { template: '{{ uuidv4 }}', pattern: /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/ },
  ];

  for (const { template, pattern } of shapes) {
    it(`${template} looks like ${pattern}`, () => {
      fc.assert(fc.property(fc.nat(), (seed) => pattern.test(renderWith(seed, template))));
    });

    it(`${template} follows from the bytes it is given`, () => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const [first, second] = [seed, seed].map((same) => renderWith(same, template));
          assert.equal(first, second);
        }),
        { numRuns: 20 },
      );
    });
  }

  for (const template of shapes.map((shape) => shape.template).filter((text) => !/ 0 |Int/.test(text))) {
    it(`${template} differs from render to render`, () => {
      const seen = new Set(Array.from({ length: 20 }, (_, seed) => renderWith(seed, template)));
      assert.equal(seen.size, 20);
    });
  }

  it('uses every character of an alphabet about equally often', () => {
    const counts = new Map<string, number>();
    for (const digit of renderWith('fair', '{{ randNumeric 20000 }}')) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    assert.equal(counts.size, 10);
    for (const count of counts.values()) assert.ok(Math.abs(count - 2000) < 250, String(count));
  });

  it('draws integers between any two bounds, the upper one left out', () => {
    const bound = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
    fc.assert(
      fc.property(fc.nat(), bound, bound, (seed, a, b) => {
        fc.pre(a !== b);
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const drawn = Number(renderWith(seed, '{{ randInt .min .max }}', { min, max }));
        return drawn >= min && drawn < max;
      }),
    );
  });

  it('shuffles characters, and loses none', () => {
    const sorted = (text: string) => [...text].sort().join('');
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: 'grapheme' }), (seed, s) => {
        assert.equal(sorted(renderWith(seed, '{{ shuffle .s }}', { s })), sorted(s));
      }),
    );
    const orders = new Set(Array.from({ length: 200 }, (_, seed) => renderWith(seed, '{{ shuffle "abc" }}')));
    assert.equal(orders.size, 6);
  });

  const refused: { template: string; error: RegExp }[] = [
    { template: '{{ randInt 5 5 }}', error: /error calling randInt: invalid argument to Intn/ },
    { template: '{{ randInt 5 2 }}', error: /error calling randInt: invalid argument to Intn/ },
    { template: '{{ randBytes -1 }}', error: /error calling randBytes: runtime error: makeslice/ },
    { template: '{{ randAlpha 1000000000 }}', error: /result is larger than/ },
    { template: '{{ randBytes 1000000000 }}', error: /result is larger than/ },
    { template: '{{ shuffle (repeat 300000 "a") }}', error: /result has more than/ },
  ];
  for (const { template, error } of refused) {
    it(`refuses ${template} at once`, () => {
      const start = processorTime();
      assert.throws(() => renderWith(0, template), error);
      assert.ok(processorTime() - start < 1000);
    });
  }
});
