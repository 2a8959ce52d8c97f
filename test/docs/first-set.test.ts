import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { readPage } from './pages.ts';
import { forget, readSteps, takeStep } from './walk-through.ts';

const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const PAGE = readPage('docs/guides/first-set.md');

describe('the guide to the first set', function () {
  this.timeout(120_000);
  const folder = useTemporaryFolder();

  it('prints what it shows, step by step', async () => {
    const steps = readSteps(PAGE.text);
    assert.ok(steps.length > 10, `${steps.length} steps`);
    const page: string[] = [];
    let end = 0;
    for (const step of steps) {
      const printed = await takeStep(step, folder.path);
      if (printed === undefined || step.type === 'file') continue;
      page.push(PAGE.text.slice(end, step.at), printed);
      end = step.at + step.shown.length;
      if (!isUpdate) assert.equal(forget(printed), forget(step.shown));
    }
    if (isUpdate) writeFileSync(join(ROOT, PAGE.path), page.join('') + PAGE.text.slice(end));
  });

  it('is read as files and commands', () => {
    const text =
      'Save this as `a/b.yaml`:\n\n```yaml\na: 1\n```\n\nSee:\n\n```console\n$ x\nout\n$ y\n```\n\nNo:\n\n```yaml\nb: 2\n```\n';
    assert.deepEqual(readSteps(text), [
      { type: 'file', path: 'a/b.yaml', text: 'a: 1\n' },
      { type: 'commands', at: text.indexOf('$ x'), shown: '$ x\nout\n$ y\n', commands: ['x', 'y'] },
    ]);
  });

  it('forgets commits and times, and nothing else', () => {
    assert.equal(
      forget('main@sha1:a882bcce at 2026-11-22T17:01:14.451Z, 100000000 1 created'),
      'main@sha1:<hash> at <time>, <hash> 1 created',
    );
    assert.equal(forget('limit 432Mi added'), 'limit 432Mi added');
  });
});
