import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatLogLine, type LogFilter, matchesLog, parseLogLine } from './log-line.ts';

const WRITTEN = {
  ...{ level: 'error', ts: '2026-01-31T12:00:00.000Z', controllerKind: 'GeneratorSet' },
  ...{ name: 'teams', namespace: 'apps', error: 'no route', msg: 'Reconciler error' },
};

const format = (fields: object) => {
  const line = parseLogLine(JSON.stringify(fields));
  return line && formatLogLine(line);
};

describe('a line of the log', () => {
  const { error: _, ...well } = WRITTEN;
  const { name, namespace, ...general } = WRITTEN;
  const time = WRITTEN.ts;
  const cases: [string, object, string][] = [
    ['about a set', WRITTEN, `${time} error GeneratorSet/teams.apps - Reconciler error no route\n`],
    ['without an error', well, `${time} error GeneratorSet/teams.apps - Reconciler error\n`],
    ['about no set', general, `${time} error GeneratorSet - Reconciler error no route\n`],
    ['with line breaks', { ...well, msg: 'a\nb' }, `${time} error GeneratorSet/teams.apps - a\\nb\n`],
  ];
  for (const [what, fields, text] of cases) {
    it(`${what} is printed as flux prints it`, () => assert.equal(format(fields), text));
  }

  for (const text of ['', 'text', '{"level":', '[]', '{"__proto__": {}}']) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseLogLine(text), undefined));
  }

  it('is one line of printable text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (msg, of) => {
        const text = format({ ...WRITTEN, msg, name: of }) ?? '';
        return /^[^\p{Cc}]*\n$/u.test(text.replaceAll('\t', ''));
      }),
    );
  });

  const filters: [LogFilter, boolean][] = [
    [{}, true],
    [{ name: 'Teams', namespace: 'APPS', level: 'Error' }, true],
    [{ name: 'team' }, false],
    [{ namespace: 'data' }, false],
    [{ level: 'info' }, false],
  ];
  for (const [filter, expected] of filters) {
    it(`${expected ? 'fits' : 'does not fit'} ${JSON.stringify(filter)}`, () => {
      const line = parseLogLine(JSON.stringify(WRITTEN));
      assert.equal(line && matchesLog(line, filter), expected);
    });
  }
});
