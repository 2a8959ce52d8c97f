import assert from 'node:assert/strict';
import { parsePush } from './push-result.ts';

const REF = 'refs/heads/main';
const OID = 'a'.repeat(40);

const CASES: readonly { line: string; stderr?: string; expected: ReturnType<typeof parsePush> }[] = [
  { line: ` \t${OID}:${REF}\t1111..2222`, expected: { status: 'pushed' } },
  { line: `*\t${OID}:${REF}\t[new branch]`, expected: { status: 'pushed' } },
  { line: `=\t${OID}:${REF}\t[up to date]`, expected: { status: 'pushed' } },
  {
    line: `!\t${OID}:${REF}\t[rejected] (fetch first)`,
    expected: { status: 'moved', reason: '[rejected] (fetch first)' },
  },
  {
    line: `!\t${OID}:${REF}\t[rejected] (non-fast-forward)`,
    expected: { status: 'moved', reason: '[rejected] (non-fast-forward)' },
  },
  {
    line: `!\t${OID}:${REF}\t[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)`,
    expected: {
      status: 'moved',
      reason: "[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
    },
  },
  {
    line: `!\t${OID}:${REF}\t[remote rejected] (pre-receive hook declined)`,
    stderr: 'remote: token hunter2 is no good\n',
    expected: {
      status: 'refused',
      reason: '[remote rejected] (pre-receive hook declined): token *** is no good',
    },
  },
  {
    line: `!\t${OID}:${REF}\t[remote rejected] (protected branch hook declined)`,
    expected: { status: 'refused', reason: '[remote rejected] (protected branch hook declined)' },
  },
  { line: `!\t${OID}:${REF}\t[remote failure] (remote failed to report status)`, expected: undefined },
  { line: ` \t${OID}:refs/heads/other\t1111..2222`, expected: undefined },
  { line: 'garbage', expected: undefined },
  { line: '', expected: undefined },
];

describe('parsePush', () => {
  for (const { line, stderr = '', expected } of CASES) {
    it(`reads ${JSON.stringify(line.replace(OID, 'oid'))} as ${expected?.status ?? 'no answer'}`, () => {
      const stdout = Buffer.from(`To https://h/x\n${line}\nDone\n`);
      // The exit code is not asked: a push can end well although its ref was refused.
      for (const exitCode of [0, 1]) {
        assert.deepEqual(parsePush({ exitCode, stdout, stderr }, REF, ['hunter2']), expected);
      }
    });
  }
});
