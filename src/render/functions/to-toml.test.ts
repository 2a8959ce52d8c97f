import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { renderCase } from '../../../test/harness/render-case.ts';
import type { Value } from '../values/value.ts';
import { writeToml } from './to-toml.ts';

describe('toToml', () => {
  const known: [value: Value, lines: string[]][] = [
    [{}, []],
    [{ b: 'x', a: 1 }, ['a = 1', 'b = "x"']],
    [{ a: 1.5, b: 2, c: -0.25, d: 1e21 }, ['a = 1.5', 'b = 2', 'c = -0.25', 'd = 1000000000000000000000.0']],
    [{ a: 2n ** 63n - 1n, b: 2n ** 53n }, ['a = 9223372036854775807', 'b = 9007199254740992']],
    [{ a: Number.NaN, b: Infinity, c: -Infinity }, ['a = nan', 'b = inf', 'c = -inf']],
    [{ t: { x: 1 } }, ['[t]', '  x = 1']],
    [{ t: { u: { v: true } }, a: null }, ['[t]', '  [t.u]', '    v = true']],
    [{ b: { x: 1 }, a: { y: 2 }, z: 3 }, ['z = 3', '', '[a]', '  y = 2', '', '[b]', '  x = 1']],
    [{ l: [{ a: 1 }, {}], e: [] }, ['e = []', '', '[[l]]', '  a = 1', '', '[[l]]']],
    [{ t: { l: [{ a: 1 }] } }, ['[t]', '', '  [[t.l]]', '    a = 1']],
    [{ l: [1, { b: 2, a: null }, [3]] }, ['l = [1, {b = 2}, [3]]']],
    [{ 'a b': 1, '': 2, 'c.d': { 'é"': 3 } }, ['"" = 2', '"a b" = 1', '', '["c.d"]', '  "é\\"" = 3']],
    [{ s: '"\\\b\t\n\f\r\0\u007f\u{1F600}' }, ['s = "\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u007f\u{1F600}"']],
  ];
  for (const [value, lines] of known) {
    it(`writes ${lines[0] ?? 'nothing'} and what follows`, () => {
      assert.equal(writeToml(value, 'exact'), lines.map((line) => `${line}\n`).join(''));
    });
  }

  it('writes floats as Go does under its numbers', () => {
    assert.equal(writeToml({ a: 1234567.5, b: 1e-7, c: 3 }, 'go'), 'a = 1.2345675e+06\nb = 1e-07\nc = 3\n');
  });

  it('writes times, durations, versions and months as Go does', () => {
    const time = 'toDate "2006-01-02T15:04" "2024-05-06T07:08"';
    const template = `{{ toToml (dict "t" (${time}) "m" (${time}).Month "v" (semver "1.2.3")) }}`;
    assert.equal(renderCase(template), 'm = 5\nt = 2024-05-06T07:08:00Z\nv = "1.2.3"\n');
    assert.equal(renderCase('{{ dict "d" (mustToDuration "90s") | toToml }}'), 'd = "1m30s"\n');
    assert.equal(
      renderCase('{{ fromToml .t | toToml }}', { t: 'a = 2024-05-06T07:08:00.5+02:00' }),
      'a = 2024-05-06T07:08:00.5+02:00\n',
    );
  });

  it('answers what TOML cannot hold with the reason, and mustToToml fails', () => {
    const cases: [template: string, reason: string][] = [
      ['toToml (dict "a" (list nil))', 'toml: cannot encode array with nil element'],
      ['toToml (list 1)', 'toml: top-level values must be Go maps or structs'],
      ['toToml "x"', 'toml: top-level values must be Go maps or structs'],
      ['toToml (dict "a" 1i)', 'toml: unsupported type: complex128'],
    ];
    for (const [template, reason] of cases) {
      assert.equal(renderCase(`{{ ${template} }}`), reason);
      assert.throws(
        () => renderCase(`{{ ${template.replace('toToml', 'mustToToml')} }}`),
        new RegExp(reason),
      );
    }
  });

  it('refuses a small value that is huge when it is written', () => {
    const doubled = '{{ $l := list "x" }}{{ range until 40 }}{{ $l = list $l $l }}{{ end }}';
    assert.throws(
      () => renderCase(`${doubled}{{ toToml (dict "l" $l) }}`),
      // On a slow machine its time is over first.
      /more than 250000 lists and maps|took longer/,
    );
    assert.throws(() => renderCase('{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ mustToToml $d }}'), /deeper/);
  });

  it('writes what a reader of TOML reads as the same value', () => {
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.maxSafeInteger());
    const { table } = fc.letrec((tie) => ({
      table: fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      value: fc.oneof({ maxDepth: 3 }, scalar, tie('table'), fc.array(tie('value'), { maxLength: 3 })),
    }));
    fc.assert(
      fc.property(table, (value) => {
        assert.deepEqual(plain(parse(writeToml(value as Value, 'exact'))), plain(value));
      }),
    );
  });
});

/** Without prototypes, and texts well formed as they are written. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) => (typeof item === 'string' ? item.toWellFormed() : item)),
  );
}
