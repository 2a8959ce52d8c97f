import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { readAuditLog, sizeOfAuditLog } from './audit-log.ts';

function line(auditID: string): string {
  return `${JSON.stringify({ auditID, verb: 'get', text: 'x\u2028y' })}\n`;
}

describe('readAuditLog', () => {
  const folder = useTemporaryFolder();

  const cases: [string, string, string[]][] = [
    ['an empty log', '', []],
    ['whole lines', line('a') + line('b'), ['a', 'b']],
    ['a last line that is being written', line('a') + line('b').slice(0, 20), ['a']],
    ['nothing but a part of a line', line('a').slice(0, 5), []],
  ];
  for (const [what, text, ids] of cases) {
    it(`reads ${what}`, async () => {
      const file = join(folder.path, 'audit.log');
      await writeFile(file, text);
      const events = await readAuditLog(file);
      assert.deepEqual(
        events.map(({ auditID }) => auditID),
        ids,
      );
    });
  }

  it('reads no events before the first', async () => {
    assert.deepEqual(await readAuditLog(join(folder.path, 'audit.log')), []);
  });

  it('reads what came after a mark', async () => {
    const file = join(folder.path, 'audit.log');
    await writeFile(file, line('a'));
    const mark = await sizeOfAuditLog(file);
    assert.deepEqual(await readAuditLog(file, mark), []);
    await appendFile(file, line('b') + line('c'));
    const events = await readAuditLog(file, mark);
    assert.deepEqual(
      events.map(({ auditID }) => auditID),
      ['b', 'c'],
    );
  });

  it('fails on a broken line amid the log', async () => {
    const file = join(folder.path, 'audit.log');
    await writeFile(file, `{"auditID"\n${line('b')}`);
    await assert.rejects(readAuditLog(file), SyntaxError);
  });
});
