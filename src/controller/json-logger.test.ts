import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createJsonLogger, type JsonLoggerOptions, LOG_LEVELS } from './json-logger.ts';

const NOW = new Date('2026-11-22T10:00:00.123Z');

function capture(options: Partial<JsonLoggerOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const log = createJsonLogger({ level: 'info', encoding: 'json', destination, now: () => NOW, ...options });
  return { log, lines };
}

describe('the logger of the controller', () => {
  it("writes controller-runtime's lines", () => {
    const { log, lines } = capture();
    const fields = {
      controller: 'generatorset',
      controllerGroup: 'generatorset.dev',
      controllerKind: 'GeneratorSet',
    };
    const child = log
      .child(fields)
      .child({ GeneratorSet: { name: 'podinfo', namespace: 'apps' }, namespace: 'apps', name: 'podinfo' });
    child.error('reconciliation failed', { reconcileID: '1', error: new Error('no answer', { cause: 'x' }) });
    assert.equal(
      lines.join(''),
      '{"level":"error","ts":"2026-11-22T10:00:00.123Z","controller":"generatorset",' +
        '"controllerGroup":"generatorset.dev","controllerKind":"GeneratorSet",' +
        '"GeneratorSet":{"name":"podinfo","namespace":"apps"},"namespace":"apps","name":"podinfo",' +
        '"reconcileID":"1","error":"no answer","msg":"reconciliation failed"}\n',
    );
  });

  for (const [index, level] of LOG_LEVELS.entries()) {
    it(`says at ${level} what is as important or more`, () => {
      const { log, lines } = capture({ level });
      for (const name of LOG_LEVELS) log[name](name);
      assert.deepEqual(
        lines.map((line) => JSON.parse(line).level),
        LOG_LEVELS.slice(index),
      );
    });
  }

  it('writes for people on one line', () => {
    const { log, lines } = capture({ encoding: 'console' });
    log.info('said "so"', { name: 'a' });
    log.info('a\\b');
    assert.deepEqual(lines, [
      '2026-11-22T10:00:00.123Z\tINFO\tsaid "so"\t{"name":"a"}\n',
      '2026-11-22T10:00:00.123Z\tINFO\ta\\b\n',
    ]);
  });

  for (const encoding of ['json', 'console'] as const) {
    it(`never lets a text begin a line or reach the terminal, as ${encoding}`, () => {
      const hostile = fc.string({
        unit: fc.constantFrom(
          '\n',
          '\r',
          '\u001b',
          '[31m',
          '\u0000',
          '\u0085',
          '\u2028',
          '\u202e',
          '\u009b',
          '\u{e0001}',
          '\t',
          '\\',
          '"',
          'n',
          'é',
          '\ud800',
        ),
      });
      fc.assert(
        fc.property(hostile, hostile, hostile, (message, key, value) => {
          const { log, lines } = capture({ encoding });
          log.info(message, { [key]: value, deep: [{ [key]: value }] });
          // The columns of a console are apart by tabs.
          const line = encoding === 'json' ? lines.join('') : lines.join('').replace(/\t/g, '');
          assert.match(line, /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cf}]*\n$/u, 'one line');
        }),
      );
    });
  }

  it('gives every text back that a machine reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { log, lines } = capture();
        log.info(text, { text });
        const { msg, text: field } = JSON.parse(lines[0] as string);
        assert.deepEqual([msg, field], [text, text]);
      }),
    );
  });

  it('writes no values of secrets, wherever they stand', () => {
    const { log, lines } = capture();
    const fields = {
      token: 'canary',
      headers: [{ Authorization: 'canary' }],
      spec: { auth: { passWord: 'canary' } },
    };
    log.child({ password: 'canary' }).info('asked', fields);
    assert.doesNotMatch(lines.join(''), /canary/);
    assert.equal(lines.join('').match(/\[redacted\]/g)?.length, 4);
  });

  const odd: [string, unknown, unknown][] = [
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['a function', () => 1, '[function]'],
    ['an error', new Error('why'), 'why'],
    ['a date', NOW, NOW.toISOString()],
    ['a void date', new Date(Number.NaN), 'invalid date'],
    ['a long text', 'x'.repeat(20_000), `${'x'.repeat(16_384)}...`],
    ['null', null, null],
    ['many members', Array.from({ length: 1000 }, (_, i) => i), Array.from({ length: 200 }, (_, i) => i)],
  ];
  for (const [what, value, expected] of odd) {
    it(`writes ${what}`, () => {
      const { log, lines } = capture();
      log.info('m', { value });
      assert.deepEqual(JSON.parse(lines[0] as string).value, expected);
    });
  }

  it('writes a ring once, and not endlessly deep', () => {
    const ring: Record<string, unknown> = { name: 'a' };
    ring['self'] = ring;
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 10_000; level++) deep = { deep };
    const { log, lines } = capture();
    log.info('m', { ring, deep });
    assert.deepEqual(JSON.parse(lines[0] as string).ring, { name: 'a', self: '[...]' });
    assert.ok((lines[0] as string).length < 300);
  });

  it('keeps its own fields from being overwritten', () => {
    const { log, lines } = capture();
    log.info('real', { level: 'x', ts: 'x', msg: 'forged' });
    const { level, ts, msg } = JSON.parse(lines[0] as string);
    assert.deepEqual([level, ts, msg], ['info', NOW.toISOString(), 'real']);
  });

  it('shows where a mistake of this program is', () => {
    const { log, lines } = capture();
    log.error('m', { error: new TypeError('x is not a function') });
    assert.match(JSON.parse(lines[0] as string).error, /json-logger\.test\.ts/);
  });
});
