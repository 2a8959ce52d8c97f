import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decideElements, decision, element, NOW, type Rules } from '../../test/harness/tuned.ts';
import type { StandingDecision } from '../api/decision.ts';
import { MAX_AMOUNT, ONE, readTuneRules, type TuneRules } from '../api/tune-rules.ts';
import { parseQuantity } from '../lib/quantity.ts';
import { readInput } from './read-amount.ts';
import { addMargin, isWithinDeadBand } from './tune-value.ts';
import { writeAmount } from './write-amount.ts';

const HOUR = 3_600_000;

/** How Kubernetes writes what is not negative, without an exponent. */
const GRAMMAR = /^\d+(\.\d{1,9})?([KMGTPE]i|[numkMGTPE])?$/;

/** Some rules that validation accepts. */
const rules: fc.Arbitrary<Rules> = fc
  .record(
    {
      unit: fc.constantFrom('memory', 'cpu', 'number', 'integer'),
      step: fc.integer({ min: 1, max: 5000 }),
      margin: fc.constantFrom('0%', '12.5%', '20%', '150%', '0.001%'),
      increaseOnly: fc.boolean(),
      minChange: fc.constantFrom('0%', '10%', '0.5%', '100%', '32'),
      cooldown: fc.constantFrom('0s', '30m', '24h'),
      maxDecrease: fc.constantFrom('0.5%', '20%', '99%'),
      min: fc.integer({ min: 0, max: 50 }),
      span: fc.integer({ min: 1, max: 100 }),
    },
    { requiredKeys: ['unit', 'step'] },
  )
  .map(({ step, min, span, ...fields }) => {
    const scale = { memory: 'Mi', cpu: 'm', number: 'u', integer: '' }[fields.unit];
    return {
      ...fields,
      roundUp: `${step}${scale}`,
      ...(min !== undefined && { min: `${min * step}${scale}` }),
      ...(span !== undefined && { max: `${((min ?? 0) + span) * step}${scale}` }),
    };
  });

/** An amount of the size that the rules are about: billionths. */
const amounts: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 1n, max: 10n ** 10n }),
  fc.bigInt({ min: 10n ** 9n, max: 10n ** 20n }),
  fc.bigInt({ min: 10n ** 9n, max: MAX_AMOUNT }),
);

const ages = fc.integer({ min: 0, max: 48 }).map((hours) => hours * HOUR);

interface World {
  readonly rules: Rules;
  readonly input: string;
  /** The value before. */
  readonly before: string;
  readonly ago: number;
}

const plain = (nanos: bigint) =>
  writeAmount(nanos, { unit: 'number', roundUp: { nanos: 1n, format: 'DecimalSI' } });

/** An input and a value before that are valid for the unit. */
const worlds: fc.Arbitrary<World> = fc
  .record({ rules, input: amounts, before: amounts, ago: ages })
  .map(({ rules: some, input, before, ago }) => ({
    rules: some,
    input: plain(some.unit === 'memory' ? input + ONE : input),
    before: writeAmount(wholeFor(some, before), readTuneRules(some)),
    ago,
  }))
  .filter(({ input }) => parseQuantity(input).nanos <= MAX_AMOUNT);

/** Values of memory and integers have no fractions; no memory is none. */
function wholeFor({ unit }: Rules, nanos: bigint): bigint {
  if (unit !== 'memory' && unit !== 'integer') return nanos;
  return nanos < ONE ? ONE : nanos - (nanos % ONE);
}

/** The value that is decided now. */
function next({ rules: some, input, before, ago }: World): StandingDecision {
  return decideOnce(some, input, [decision(before, { ago })]);
}

function decideOnce(
  some: Rules,
  input: string,
  previous: ReturnType<typeof decision>[] = [],
  now = NOW,
): StandingDecision {
  const { elements } = decideElements([element({ value: input })], { tune: [some], previous, now });
  return elements[0]?.decisions?.[0] as StandingDecision;
}

const amountOf = (text: string) => parseQuantity(text).nanos;
const wantedOf = ({ rules: some, input }: World, { unit, margin }: TuneRules = readTuneRules(some)) =>
  addMargin(readInput(input, unit), margin);

describe('the rules of spec.tune, for any input and any value before', () => {
  it('give a value within the bounds that is a multiple of roundUp', () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), (world, isMissing) => {
        const value = amountOf(next({ ...world, input: isMissing ? 'NaN' : world.input }).value);
        const { min, max, roundUp } = readTuneRules(world.rules);
        assert.ok(value >= min && value <= max);
        assert.equal(value % roundUp.nanos, 0n);
      }),
    );
  });

  it('give text that Kubernetes takes for a quantity, in its canonical form', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { value, proposed } = next(world);
        for (const text of [value, proposed ?? '']) {
          assert.match(text, GRAMMAR);
          assert.equal(writeAmount(amountOf(text), readTuneRules(world.rules)), text);
        }
      }),
    );
  });

  it('never give less for a larger input', () => {
    fc.assert(
      fc.property(worlds, amounts, (world, more) => {
        const larger = plain(amountOf(world.input) + more);
        fc.pre(amountOf(larger) <= MAX_AMOUNT);
        assert.ok(amountOf(next({ ...world, input: larger }).value) >= amountOf(next(world).value));
      }),
    );
  });

  it('change nothing when they are asked again', () => {
    fc.assert(
      fc.property(worlds, ages, (world, later) => {
        const { maxDecrease: _, ...some } = world.rules;
        const first = next({ ...world, rules: some });
        // What waits for the end of the cooldown is decreased then.
        const now = first.reason === 'Cooldown' ? NOW : new Date(NOW.getTime() + later);
        const second = decideOnce(some, world.input, [first], now);
        assert.deepEqual({ ...second, reason: undefined }, { ...first, reason: undefined });
      }),
    );
  });

  it('walk down with maxDecrease and come to an end, never below what the input says', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('5%', '20%', '50%'), (world, maxDecrease) => {
        const some = { ...world.rules, maxDecrease };
        const { proposed = '' } = decideOnce({ ...some, cooldown: '0s' }, world.input);
        let standing = next({ ...world, rules: some });
        for (let pass = 1; pass < 2000; pass++) {
          const now = new Date(NOW.getTime() + pass * 24 * HOUR);
          const following = decideOnce(some, world.input, [standing], now);
          if (following.value === standing.value) return;
          assert.ok(amountOf(following.value) < amountOf(standing.value));
          assert.ok(amountOf(following.value) >= amountOf(proposed));
          standing = following;
        }
        assert.fail('it never ends');
      }),
    );
  });

  it('make no decrease larger than maxDecrease, unless the maximum asks for it', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        fc.pre(world.rules.maxDecrease === '20%');
        const { value, rule } = next(world);
        assert.ok(rule === 'AtMaximum' || amountOf(value) * 5n >= amountOf(world.before) * 4n);
      }),
    );
  });

  it('change nothing within the dead band but what the bounds and roundUp ask for', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { minChange } = readTuneRules(world.rules);
        fc.pre(isWithinDeadBand(wantedOf(world), amountOf(world.before), minChange));
        assert.equal(next(world).value, next({ ...world, input: 'NaN' }).value);
      }),
    );
  });

  it('decrease nothing within the cooldown, unless the maximum asks for it', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        fc.pre(world.ago < readTuneRules(world.rules).cooldown);
        const { value, rule } = next(world);
        assert.ok(rule === 'AtMaximum' || amountOf(value) >= amountOf(world.before));
      }),
    );
  });

  it('decrease nothing with increaseOnly, unless the maximum asks for it', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { value, rule } = next({ ...world, rules: { ...world.rules, increaseOnly: true } });
        assert.ok(rule === 'AtMaximum' || amountOf(value) >= amountOf(world.before));
      }),
    );
  });

  it('give what the input asks for with its margin, unless the maximum or the dead band forbids it', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { value, reason } = next(world);
        const { max } = readTuneRules(world.rules);
        const isEnough = amountOf(value) >= wantedOf(world);
        assert.ok(isEnough || amountOf(value) === max || reason === 'WithinDeadBand');
      }),
    );
  });

  it('name a reason where a value is kept that the input alone would not give, and only there', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { value, rule, reason, proposed } = next(world);
        const isLimited = rule === 'DecreaseLimited' || rule === 'AtMaximum';
        assert.ok(value === proposed ? reason === undefined : reason !== undefined || isLimited);
        assert.equal(proposed, decideOnce(world.rules, world.input).value);
      }),
    );
  });

  it('take any text for an input, and never give anything but a quantity', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'NaN', '+Inf', '-Inf', '<no value>', '-1', '1e999', '9'.repeat(70)),
      fc.double().map(String),
      fc
        .tuple(fc.double({ min: 0 }), fc.constantFrom('', 'Ki', 'Mi', 'm', 'k', ' '))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(worlds, text, (world, input) => {
        const { value, reason, proposed } = next({ ...world, input });
        assert.match(value, GRAMMAR);
        assert.equal(reason === 'InputMissing', proposed === undefined);
      }),
    );
  });
});
