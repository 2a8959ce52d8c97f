import assert from 'node:assert/strict';
import { decideElements, decision, element, type Rules } from '../../test/harness/tuned.ts';
import type { Decision } from '../api/decision.ts';

const HOUR = 3_600_000;

/** The rules, the input, the value before and for how long, and what comes of it: value, rule or reason. */
interface Case {
  readonly title: string;
  readonly rules: Rules;
  readonly input: string;
  readonly before?: string;
  readonly ago?: number;
  readonly gives: string;
}

const groups: Readonly<Record<string, readonly Case[]>> = {
  'the margin': [
    { title: 'is added', rules: { margin: '20%' }, input: '100Mi', gives: '120Mi Computed' },
    { title: 'may have decimals', rules: { margin: '12.5%' }, input: '128Mi', gives: '144Mi Computed' },
    {
      title: 'may be more than the input',
      rules: { margin: '150%' },
      input: '100Mi',
      gives: '250Mi Computed',
    },
    {
      title: 'is rounded up to a billionth',
      rules: { margin: '10%', unit: 'number' },
      input: '0.000000001',
      gives: '0.000000002 Computed',
    },
    {
      title: 'is exact where doubles are not',
      rules: { margin: '10%', unit: 'number' },
      input: '1.1',
      gives: '1.21 Computed',
    },
  ],
  rounding: [
    {
      title: 'is to the next multiple',
      rules: { roundUp: '16Mi' },
      input: '134217729',
      gives: '144Mi Computed',
    },
    {
      title: 'leaves a multiple as it is',
      rules: { roundUp: '16Mi' },
      input: '134217728',
      gives: '128Mi Computed',
    },
    {
      title: 'is upwards by a billionth too',
      rules: { roundUp: '10m' },
      input: '0.350000001',
      gives: '360m Computed',
    },
    { title: 'is to 1Mi where nothing is said', rules: {}, input: '1.2e8', gives: '115Mi Computed' },
    { title: 'is to 1m for cpu', rules: { unit: 'cpu' }, input: '0.12345', gives: '124m Computed' },
    {
      title: 'is to 1 for an integer',
      rules: { unit: 'integer' },
      input: '2.0000000001',
      gives: '3 Computed',
    },
    { title: 'keeps decimal suffixes', rules: { roundUp: '100M' }, input: '120Mi', gives: '200M Computed' },
    { title: 'gives the largest suffix', rules: { roundUp: '16Mi' }, input: '1020Mi', gives: '1Gi Computed' },
    {
      title: 'gives whole cores without a suffix',
      rules: { roundUp: '10m' },
      input: '1.995',
      gives: '2 Computed',
    },
    {
      title: 'gives an integer without a suffix',
      rules: { unit: 'integer', roundUp: '1k' },
      input: '11001',
      gives: '12000 Computed',
    },
  ],
  'the bounds': [
    { title: 'limit from above', rules: { max: '2Gi' }, input: '3Gi', gives: '2Gi AtMaximum' },
    { title: 'limit from below', rules: { min: '64Mi' }, input: '1Mi', gives: '64Mi AtMinimum' },
    {
      title: 'are values themselves',
      rules: { min: '64Mi', max: '64Mi' },
      input: '64Mi',
      gives: '64Mi Computed',
    },
    {
      title: 'are rounded inwards: the maximum',
      rules: { roundUp: '16Mi', max: '70Mi' },
      input: '69Mi',
      gives: '64Mi AtMaximum',
    },
    {
      title: 'are rounded inwards: the minimum',
      rules: { roundUp: '16Mi', min: '50Mi' },
      input: '1Mi',
      gives: '64Mi AtMinimum',
    },
    {
      title: 'win over increaseOnly',
      rules: { increaseOnly: true, max: '1Gi' },
      input: '512Mi',
      before: '2Gi',
      gives: '1Gi AtMaximum (IncreaseOnly, 512Mi)',
    },
    {
      title: 'win over maxDecrease',
      rules: { maxDecrease: '10%', max: '1Gi' },
      input: '512Mi',
      before: '2Gi',
      gives: '1Gi AtMaximum',
    },
    {
      title: 'win over the dead band',
      rules: { minChange: '50%', min: '128Mi' },
      input: '100Mi',
      before: '100Mi',
      gives: '128Mi AtMinimum',
    },
  ],
  increaseOnly: [
    { title: 'allows a first value', rules: { increaseOnly: true }, input: '100Mi', gives: '100Mi Computed' },
    {
      title: 'allows an increase',
      rules: { increaseOnly: true },
      input: '101Mi',
      before: '100Mi',
      gives: '101Mi Computed',
    },
    {
      title: 'refuses a decrease',
      rules: { increaseOnly: true },
      input: '99Mi',
      before: '100Mi',
      gives: '100Mi IncreaseOnly, 99Mi',
    },
  ],
  minChange: [
    {
      title: 'refuses less, downwards',
      rules: { minChange: '10%' },
      input: '91Mi',
      before: '100Mi',
      gives: '100Mi WithinDeadBand, 91Mi',
    },
    {
      title: 'refuses less, upwards',
      rules: { minChange: '10%' },
      input: '109Mi',
      before: '100Mi',
      gives: '100Mi WithinDeadBand, 109Mi',
    },
    {
      title: 'allows exactly as much, downwards',
      rules: { minChange: '10%' },
      input: '90Mi',
      before: '100Mi',
      gives: '90Mi Computed',
    },
    {
      title: 'allows exactly as much, upwards',
      rules: { minChange: '10%' },
      input: '110Mi',
      before: '100Mi',
      gives: '110Mi Computed',
    },
    {
      title: 'may be a quantity',
      rules: { minChange: '32Mi' },
      input: '131Mi',
      before: '100Mi',
      gives: '100Mi WithinDeadBand, 131Mi',
    },
    {
      title: 'may be a quantity that is reached',
      rules: { minChange: '32Mi' },
      input: '132Mi',
      before: '100Mi',
      gives: '132Mi Computed',
    },
    {
      title: 'may be a number',
      rules: { minChange: 3, unit: 'integer' },
      input: '12',
      before: '10',
      gives: '10 WithinDeadBand, 12',
    },
    {
      title: 'is compared before rounding',
      rules: { minChange: '10Mi', roundUp: '16Mi' },
      input: '137Mi',
      before: '128Mi',
      gives: '128Mi WithinDeadBand, 144Mi',
    },
    {
      title: 'gives no reason where the value would be the same',
      rules: { minChange: '10%', roundUp: '16Mi' },
      input: '120Mi',
      before: '128Mi',
      gives: '128Mi',
    },
    {
      title: 'is a share of the value before, which may be nothing',
      rules: { minChange: '10%', unit: 'number' },
      input: '0.1',
      before: '0',
      gives: '0.1 Computed',
    },
  ],
  cooldown: [
    {
      title: 'refuses a decrease',
      rules: { cooldown: '24h' },
      input: '50Mi',
      before: '100Mi',
      ago: 24 * HOUR - 1,
      gives: '100Mi Cooldown, 50Mi',
    },
    {
      title: 'ends',
      rules: { cooldown: '24h' },
      input: '50Mi',
      before: '100Mi',
      ago: 24 * HOUR,
      gives: '50Mi Computed',
    },
    {
      title: 'allows an increase',
      rules: { cooldown: '24h' },
      input: '150Mi',
      before: '100Mi',
      gives: '150Mi Computed',
    },
    {
      title: 'refuses a decrease of a value from a clock that was ahead',
      rules: { cooldown: '1m' },
      input: '50Mi',
      before: '100Mi',
      ago: -HOUR,
      gives: '100Mi Cooldown, 50Mi',
    },
  ],
  maxDecrease: [
    {
      title: 'limits a decrease',
      rules: { maxDecrease: '20%' },
      input: '10Mi',
      before: '100Mi',
      gives: '80Mi DecreaseLimited',
    },
    {
      title: 'leaves a smaller decrease as it is',
      rules: { maxDecrease: '20%' },
      input: '80Mi',
      before: '100Mi',
      gives: '80Mi Computed',
    },
    {
      title: 'does not limit an increase',
      rules: { maxDecrease: '20%' },
      input: '500Mi',
      before: '100Mi',
      gives: '500Mi Computed',
    },
    {
      title: 'is kept by rounding',
      rules: { maxDecrease: '20%', roundUp: '16Mi' },
      input: '10Mi',
      before: '160Mi',
      gives: '128Mi DecreaseLimited',
    },
    {
      title: 'allows no billionth more',
      rules: { maxDecrease: '50%', unit: 'number' },
      input: '0',
      before: '0.000000003',
      gives: '0.000000002 DecreaseLimited',
    },
    {
      title: 'stops where it is less than a step of roundUp',
      rules: { maxDecrease: '5%', roundUp: '16Mi' },
      input: '10Mi',
      before: '160Mi',
      gives: '160Mi DecreaseLimited, 16Mi',
    },
    {
      title: 'is not named where rounding gives the same without it',
      rules: { maxDecrease: '10%', roundUp: '16Mi' },
      input: '89Mi',
      before: '100Mi',
      gives: '96Mi Computed',
    },
    {
      title: 'ends at the minimum',
      rules: { maxDecrease: '20%', min: '90Mi' },
      input: '10Mi',
      before: '100Mi',
      gives: '90Mi AtMinimum',
    },
  ],
  'an input that is missing': [
    {
      title: 'keeps the value before',
      rules: {},
      input: 'NaN',
      before: '100Mi',
      gives: '100Mi InputMissing',
    },
    {
      title: 'keeps it rounded',
      rules: { roundUp: '16Mi' },
      input: 'NaN',
      before: '100Mi',
      gives: '112Mi Computed (InputMissing)',
    },
    {
      title: 'keeps it within the bounds',
      rules: { max: '64Mi' },
      input: 'NaN',
      before: '100Mi',
      gives: '64Mi AtMaximum (InputMissing)',
    },
  ],
  'the order of the rules': [
    {
      title: 'has increaseOnly before the dead band',
      rules: { increaseOnly: true, minChange: '50%', cooldown: '1h' },
      input: '90Mi',
      before: '100Mi',
      gives: '100Mi IncreaseOnly, 90Mi',
    },
    {
      title: 'has the dead band before the cooldown',
      rules: { minChange: '50%', cooldown: '1h' },
      input: '90Mi',
      before: '100Mi',
      gives: '100Mi WithinDeadBand, 90Mi',
    },
    {
      title: 'has the margin before all',
      rules: { margin: '20%', increaseOnly: true, minChange: '5Mi' },
      input: '90Mi',
      before: '100Mi',
      gives: '108Mi Computed',
    },
    {
      title: 'has no rule about the value before for a first one',
      rules: { increaseOnly: true, minChange: '500%', cooldown: '24h', maxDecrease: '1%', margin: '10%' },
      input: '100Mi',
      gives: '110Mi Computed',
    },
  ],
};

/** The value; the rule where it is new; the reason and what was proposed where it is not what the input says. */
function describeOutcome({ rules, input, before, ago }: Case): string {
  const previous: Decision[] = before === undefined ? [] : [decision(before, { ago, rule: 'AtMinimum' })];
  const { elements } = decideElements([element({ value: input })], { tune: [rules], previous });
  const standing = elements[0]?.decisions?.[0];
  assert.ok(standing);
  const { value, rule, reason, proposed } = standing;
  const hold = reason === undefined ? '' : [reason, ...(proposed === undefined ? [] : [proposed])].join(', ');
  if (value === before) return [value, hold].filter(Boolean).join(' ');
  return `${value} ${rule}${hold === '' ? '' : ` (${hold})`}`;
}

for (const [name, cases] of Object.entries(groups)) {
  describe(name, () => {
    for (const one of cases) {
      it(one.title, () => assert.equal(describeOutcome(one), one.gives));
    }
  });
}
