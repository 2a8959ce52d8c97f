import { assertErrors, type Mistake } from '../../test/harness/mistakes.ts';
import { sampleSet } from '../../test/harness/sample-sets.ts';

/** One decision with these fields, on line 5 of the file. */
const tune = (fields: string) => `tune: [{name: limit, from: "{{ .Element.value }}", ${fields}}]`;

/** The fields, the one that is wrong, and what is said of it; without both, the fields are right. */
type Case = readonly [title: string, fields: string, field?: string, message?: string];

const cases: readonly Case[] = [
  [
    'bytes with all rules',
    'margin: 20%, roundUp: 16Mi, min: 64Mi, max: 2Gi, minChange: 10%, maxDecrease: 20%',
  ],
  ['cores', 'roundUp: 10m, min: 50m, max: 4, minChange: 5m, cooldown: 24h'],
  ['numbers without a suffix for cpu', 'min: 0, max: 4'],
  ['bytes without a suffix', 'min: 67108864, max: 2147483648'],
  ['an integer', 'unit: integer, roundUp: 2, min: 2, max: 10, minChange: "0.5"'],
  ['a number with fractions', 'unit: number, roundUp: "0.05", min: "0.1", max: "12.5"'],
  ['bounds that are one multiple', 'roundUp: 16Mi, min: 64Mi, max: 64Mi'],
  ['a bound that rounds up to the other', 'roundUp: 16Mi, min: 50Mi, max: 70Mi'],
  ['roundUp of nothing', 'roundUp: 0', 'roundUp', 'is 0, must be above zero'],
  ['roundUp of no bytes', 'roundUp: 0Mi', 'roundUp', 'is 0Mi, must be above zero'],
  [
    'bytes for cores',
    'unit: cpu, max: 2Gi',
    'max',
    'is 2Gi, but the unit is cpu: a suffix with i is for bytes',
  ],
  [
    'bytes for a number',
    'unit: number, min: 64Mi',
    'min',
    'is 64Mi, but the unit is number: a suffix with i is for bytes',
  ],
  [
    'bytes for an integer',
    'unit: integer, roundUp: 1Ki',
    'roundUp',
    'is 1Ki, but the unit is integer: a suffix with i is for bytes',
  ],
  [
    'bytes as the least change of cores',
    'roundUp: 10m, minChange: 32Mi',
    'minChange',
    'is 32Mi, but the unit is cpu: a suffix with i is for bytes',
  ],
  [
    'cores among bytes',
    'roundUp: 16Mi, min: 100m',
    'min',
    'is 100m, but the unit is memory, which is counted in whole bytes',
  ],
  [
    'a fraction for an integer',
    'unit: integer, roundUp: "0.5"',
    'roundUp',
    'is 0.5, but the unit is integer, which has no fractions',
  ],
  [
    'thousandths for an integer',
    'unit: integer, max: 2500m',
    'max',
    'is 2500m, but the unit is integer, which has no fractions',
  ],
  ['more than any value', 'max: 2E', 'max', 'is 2E, must be at most 1E'],
  [
    'bounds in the wrong order',
    'min: 2Gi, max: 64Mi',
    'max',
    'is 64Mi, which leaves no multiple of roundUp 1Mi from min 2Gi on',
  ],
  [
    'bounds without a multiple between them',
    'roundUp: 16Mi, min: 50Mi, max: 60Mi',
    'max',
    'is 60Mi, which leaves no multiple of roundUp 16Mi from min 50Mi on',
  ],
  ['a bound below roundUp', 'roundUp: 16Mi, max: 10Mi', 'max', 'is 10Mi, must be at least roundUp, 16Mi'],
  [
    'a least value that rounds up beyond all',
    'roundUp: 300P, min: 950P',
    'min',
    'is 950P, which leaves no multiple of roundUp 300P up to 1E',
  ],
  [
    'no decrease',
    'maxDecrease: 0.0%',
    'maxDecrease',
    'is 0.0%, which allows no decrease: set increaseOnly to true instead',
  ],
  [
    'a decrease to nothing',
    'maxDecrease: 100%',
    'maxDecrease',
    'is 100%, which limits nothing: leave it out',
  ],
  [
    'a decrease to less than nothing',
    'maxDecrease: 250%',
    'maxDecrease',
    'is 250%, which limits nothing: leave it out',
  ],
  [
    'a cooldown of a thousand years',
    'cooldown: 8766000h',
    'cooldown',
    '"8766000h" is longer than a duration can be (292 years)',
  ],
];

/** What the schema says already is not said twice, and stops no other rule. */
const others: readonly Mistake[] = [
  [
    'two decisions of one name',
    'tune: [{name: a, from: x}, {name: b, from: x}, {name: a, from: z}]',
    ['5:57: spec.tune[2].name: "a" is the name of spec.tune[0] too'],
  ],
  [
    'a name that no object may have',
    'tune: [{name: __proto__, from: x}]',
    ['5:17: spec.tune[0].name: "__proto__" is no name of a field'],
  ],
  [
    'amounts of the wrong type',
    'tune: [{name: a, from: x, roundUp: [1], min: {}, max: true, minChange: null, maxDecrease: 5, cooldown: 5}]',
    [
      '5:38: spec.tune[0].roundUp: is a list, must be a whole number or a string such as 128Mi',
      '5:48: spec.tune[0].min: is an object, must be a whole number or a string such as 128Mi',
      '5:57: spec.tune[0].max: is a boolean, must be a whole number or a string such as 128Mi',
      '5:74: spec.tune[0].minChange: is empty, must be a whole number or a string such as 10%',
      '5:93: spec.tune[0].maxDecrease: is a number, must be a string such as 20%',
      '5:106: spec.tune[0].cooldown: is a number, must be a string such as 24h',
    ],
  ],
  [
    'amounts that are none',
    'tune: [{name: a, from: x, roundUp: -1, min: "1e3", max: 20%, minChange: -5%}]',
    [
      '5:38: spec.tune[0].roundUp: is -1, must be at least 0',
      '5:47: spec.tune[0].min: is "1e3", must be a quantity such as 128Mi, 500m or 2',
      '5:59: spec.tune[0].max: is "20%", must be a quantity such as 128Mi, 500m or 2',
      '5:75: spec.tune[0].minChange: is "-5%", must be a percentage or a quantity, such as 10% or 32Mi',
    ],
  ],
  ['entries that are none', 'tune: [5]', ['5:10: spec.tune[0]: is a number, must be an object']],
  [
    'mistakes of several decisions',
    'tune: [{name: a, from: x, maxDecrease: 0%}, {name: b, from: x, roundUp: 0}]',
    [
      '5:42: spec.tune[0].maxDecrease: is 0%, which allows no decrease: set increaseOnly to true instead',
      '5:75: spec.tune[1].roundUp: is 0, must be above zero',
    ],
  ],
];

describe('the rules of spec.tune', () => {
  for (const [title, fields, field, message] of cases) {
    it(`${field === undefined ? 'allow' : 'refuse'} ${title}`, () => {
      const text = tune(fields);
      const column = text.indexOf(`${field}: `) + `${field}: `.length + 3;
      const errors = field === undefined ? [] : [`5:${column}: spec.tune[0].${field}: ${message}`];
      assertErrors(sampleSet(text), errors);
    });
  }

  for (const [title, text, errors] of others) {
    it(`refuse ${title}`, () => assertErrors(sampleSet(text), errors));
  }
});
