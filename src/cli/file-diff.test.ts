import assert from 'node:assert/strict';
import { applyPatch } from 'diff';
import { processorTime } from '../../test/harness/processor-time.ts';
import type { Change } from '../plan/change.ts';
import { fileDiff } from './file-diff.ts';

const change = (over: Partial<Change>): Change => ({
  id: 'x',
  path: 'a.yaml',
  action: 'configured',
  evidence: [],
  ...over,
});

describe('fileDiff', () => {
  const cases: [string, Partial<Change>, string][] = [
    [
      'a change',
      { before: 'a\nb\n', after: 'a\nc\n' },
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
    ],
    ['a new file', { action: 'created', after: 'a\n' }, '--- /dev/null\n+++ b/a.yaml\n@@ -0,0 +1,1 @@\n+a\n'],
    [
      'a file that goes',
      { action: 'deleted', before: 'a\n' },
      '--- a/a.yaml\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n',
    ],
    ['a file that stays', { action: 'unchanged', before: 'a\n', after: 'a\n' }, ''],
    ['a file that is left', { action: 'skipped', before: 'a\n' }, ''],
    [
      'an object by its name, and what people compare of it',
      {
        ...{ id: 'apps_a_apps_Deployment', path: 'apps_a_apps_Deployment' },
        ...{ before: 'uid 1', after: '{}', shown: { before: 'a\n', after: 'b\n' } },
      },
      '--- a/Deployment/apps/a\n+++ b/Deployment/apps/a\n@@ -1,1 +1,1 @@\n-a\n+b\n',
    ],
    [
      'an object without a namespace that is new',
      { id: '_a__Namespace', path: '_a__Namespace', action: 'created', after: '{}', shown: { after: 'a\n' } },
      '--- /dev/null\n+++ b/Namespace/a\n@@ -0,0 +1,1 @@\n+a\n',
    ],
  ];
  for (const [what, over, patch] of cases)
    it(`shows ${what}`, () => assert.equal(fileDiff(change(over)), patch));

  it('shows two long texts without anything in common in no time, as a patch that applies', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, line) => `${word} ${line}\n`).join('');
    const [before, after] = [text('old'), text('new')];
    const start = processorTime();
    const patch = fileDiff(change({ before, after }));
    assert.ok(processorTime() - start < 2000);
    assert.equal(applyPatch(before, patch), after);
  });
});
