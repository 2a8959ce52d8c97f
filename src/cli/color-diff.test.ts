import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import { colorDiff } from './color-diff.ts';

const PATCH = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a: \u001b[2J\u202eb\n+a:\tc\r\n';

describe('colorDiff', () => {
  const written = (isTTY: boolean, useColors: boolean): string =>
    colorDiff(PATCH, { stdout: { isTTY, write: () => true }, colors: picocolors.createColors(useColors) });

  it('writes every byte as it is, but for a terminal', () => assert.equal(written(false, false), PATCH));

  it('shows a terminal nothing that it would obey', () =>
    assert.equal(written(true, false), '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a: \\x1b[2J\\x202eb\n+a:\tc\\x0d\n'));

  it('paints what it made harmless', () =>
    assert.match(written(true, true), /^\u001b\[31m-a: \\x1b\[2J\\x202eb\u001b\[39m$/m));
});
