import assert from 'node:assert/strict';
import { applyPatch } from 'diff';
import fc from 'fast-check';
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

  it('names files from the root, and objects by themselves', () => {
    const text = { action: 'created', after: 'a\n' } as const;
    assert.match(fileDiff(change(text), './apps/'), /^\+\+\+ b\/apps\/a\.yaml$/m);
    const object = change({ id: '_a__Namespace', path: '_a__Namespace', ...text });
    assert.match(fileDiff(object, 'apps'), /^\+\+\+ b\/Namespace\/a$/m);
  });

  /** The patch between two texts, null where there is no file, applied to the first. */
  function patched(before: string | null, after: string | null): string | false {
    const action = before === null ? 'created' : after === null ? 'deleted' : 'configured';
    const sides = { ...(before !== null && { before }), ...(after !== null && { after }) };
    return applyPatch(before ?? '', fileDiff(change({ action, ...sides })), {
      autoConvertLineEndings: false,
    });
  }

  it('writes patches that apply, however the texts end', () => {
    const line = fc.constantFrom('a', 'b', '', '-a', '+b', '\\ x', '@@ -1 +1 @@', '--- a', '\r');
    const text = fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => `x${lines.join('\n')}`);
    fc.assert(
      fc.property(fc.option(text), fc.option(text), (before, after) => {
        fc.pre(before !== after);
        assert.equal(patched(before, after), after ?? '');
      }),
    );
  });

  const [xs, ys] = ['x\n'.repeat(2100), 'y\n'.repeat(2100)];
  const long: [what: string, before: string | null, after: string | null][] = [
    ['a new file', null, xs],
    ['a file that goes', xs, null],
    ['a change', xs, ys],
    ['a text without a line end', `${xs}x`, `${ys}y`],
  ];
  for (const [what, before, after] of long)
    it(`writes a patch that applies for ${what} that is too long to compare`, () => {
      assert.equal(patched(before, after), after ?? '');
    });

  it('shows two long texts without anything in common in no time, as a patch that applies', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, line) => `${word} ${line}\n`).join('');
    const [before, after] = [text('old'), text('new')];
    const start = processorTime();
    const patch = fileDiff(change({ before, after }));
    assert.ok(processorTime() - start < 2000);
    assert.equal(applyPatch(before, patch), after);
  });
});
