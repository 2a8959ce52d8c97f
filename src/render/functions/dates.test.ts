import assert from 'node:assert/strict';
import { evaluateCase } from '../evaluate-case.ts';

/** 2026-01-02 03:04:05.000000006 UTC. */
const NOW = 1_767_323_045_000_000_006n;

const DATA = { ts: 1_715_000_000, seconds: 95, fraction: 1.5, text: '95', zone: '__proto__' };

const AMBIENT = { now: () => NOW, randomBytes: (count: number) => new Uint8Array(count) };

function evaluate(template: string, options: object = {}) {
  const line = JSON.stringify({ template, data: DATA, numbers: 'exact', funcs: 'helm', ...options });
  const { output, error } = JSON.parse(evaluateCase(line, AMBIENT));
  return output ?? error;
}

describe('dates under exact numbers', () => {
  const cases: [string, string][] = [
    ['{{ date "2006-01-02" .ts }}', '2024-05-06'],
    ['{{ htmlDateInZone .ts "Asia/Tokyo" }}', '2024-05-06'],
    ['{{ duration .seconds }} {{ duration .text }} {{ duration 95 }}', '1m35s 1m35s 1m35s'],
    ['{{ durationRound 7200000000001 }}', '2h'],
    ['{{ ((toDate "2006" "2024").AddDate 0 0 .seconds).YearDay }}', '96'],
    ['{{ dateInZone "15:04 MST" 0 .zone }}', '00:00 UTC'],
    ['{{ eq (toDate "2006" "2024").Month 1 }}', 'true'],
  ];
  for (const [template, output] of cases) {
    it(`${template} is ${output}`, () => assert.equal(evaluate(template), output));
  }
});

describe('what is no time under exact numbers', () => {
  const read = 'read a text with toDate "2006-01-02", or give seconds since 1970';
  const cases: [string, string][] = [
    ['{{ date "2006" .text }}', 'date was given a text, not a time: read it with toDate "2006-01-02"'],
    [
      '{{ htmlDate "2024-05-06" }}',
      'htmlDate was given a text, not a time: read it with toDate "2006-01-02"',
    ],
    ['{{ ago "x" }}', 'ago was given a text, not a time: read it with toDate "2006-01-02"'],
    ['{{ dateInZone "2006" nil "UTC" }}', `dateInZone was given nil, not a time: ${read}`],
    ['{{ date_in_zone "2006" (list) "UTC" }}', `date_in_zone was given a list, not a time: ${read}`],
    ['{{ htmlDateInZone (dict) "UTC" }}', `htmlDateInZone was given a map, not a time: ${read}`],
    ['{{ htmlDate true }}', `htmlDate was given a bool, not a time: ${read}`],
    ['{{ htmlDate (mustToDuration 1) }}', `htmlDate was given a time.Duration, not a time: ${read}`],
    [
      '{{ htmlDate .fraction }}',
      'htmlDate was given a fraction, not a time: write int64 first, for seconds since 1970',
    ],
  ];
  for (const [template, message] of cases) {
    it(`${template} is refused, also where there is a clock`, () => {
      assert.ok(evaluate(template).endsWith(`>: ${message}`), evaluate(template));
    });
  }

  it('is not said of whole numbers of any type', () => {
    assert.equal(evaluate('{{ htmlDate (semver "86400.0.0").Major }}'), '1970-01-02');
  });
});

describe('dates that are now', () => {
  const cases: [string, string][] = [
    ['{{ date "2006-01-02 15:04:05.999999999" 1.5 }}', '2026-01-02 03:04:05.000000006'],
    ['{{ htmlDate .text }}', '2026-01-02'],
    ['{{ dateInZone "2006" nil "UTC" }}', '2026'],
  ];
  for (const [template, output] of cases) {
    it(`${template} is ${output} under Go numbers with a clock, and a sentence without`, () => {
      assert.equal(evaluate(template, { numbers: 'go' }), output);
      assert.match(
        evaluate(template, { numbers: 'go', funcs: 'generatorset' }),
        /(date|htmlDate|dateInZone) was given (a float64|a fraction|a text|nil), not a time: .*set spec\.allowNonDeterministic: true/,
      );
    });
  }

  it('are what a time is measured from', () => {
    const template = '{{ durationRound (toDate "2006" "2024") }}';
    assert.equal(evaluate(template), '2y');
    assert.match(evaluate(template, { funcs: 'generatorset' }), /spec\.allowNonDeterministic/);
  });

  it('are what numbers without Go type mean under Go numbers', () => {
    assert.equal(evaluate('{{ date "2006" .ts }}', { numbers: 'go' }), '2026');
    assert.equal(evaluate('{{ date "2006" .ts }}', { numbers: 'int64' }), '2024');
  });
});

describe('durations as Helm reads them', () => {
  const cases: [string, string][] = [
    [
      '{{ mustToDuration "1h30m" }} {{ mustToDuration 90 }} {{ mustToDuration " 2.5 " }}',
      '1h30m0s 1m30s 2.5s',
    ],
    ['{{ mustToDuration .fraction }} {{ durationSeconds "x" }} {{ durationSeconds nil }}', '1.5s 0 0'],
    ['{{ durationDays "36h" }} {{ durationWeeks "252h" }} {{ durationMinutes "90s" }}', '1.5 1.5 1.5'],
    ['{{ durationMilliseconds 1.5 }} {{ durationNanoseconds "1us" }}', '1500 1000'],
    ['{{ durationRoundTo "1h17m" "30m" }} {{ durationTruncateTo "1h17m" 1800 }}', '1h30m0s 1h0m0s'],
    ['{{ durationRoundTo "1h17m" "x" }} {{ durationRoundTo "x" "1h" }}', '1h17m0s 0s'],
    ['{{ kindOf (mustToDuration 1) }} {{ typeOf (mustToDuration 1) }}', 'int64 time.Duration'],
  ];
  for (const [template, output] of cases) {
    it(`${template} is ${output}`, () => assert.equal(evaluate(template), output));
  }

  const refused: [string, RegExp][] = [
    ['{{ mustToDuration "x" }}', /error calling mustToDuration: could not parse duration "x"$/],
    ['{{ mustToDuration "" }}', /empty duration$/],
    ['{{ mustToDuration nil }}', /invalid duration$/],
    ['{{ mustToDuration (list) }}', /unsupported duration type \[\]interface \{\}$/],
  ];
  for (const [template, message] of refused) {
    it(`${template} fails`, () => assert.match(evaluate(template), message));
  }
});
