import assert from 'node:assert/strict';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { hasGrownTooMuch, watchGrowth } from './watch-growth.ts';

describe('watchGrowth', () => {
  const folder = useTemporaryFolder();
  const growth = () => ({ folder: folder.path, maxBytes: 1000 });

  it('tells once of new files that are too large together, while they grow', async () => {
    let told = 0;
    const watch = watchGrowth(growth(), () => told++);
    writeFileSync(join(folder.path, 'tmp_pack_1'), 'x'.repeat(600));
    await delay(600);
    assert.equal(told, 0);
    writeFileSync(join(folder.path, 'tmp_pack_2'), 'x'.repeat(600));
    await delay(900);
    assert.equal(told, 1);
    watch.end();
  });

  it('tells nothing after its end', async () => {
    let told = 0;
    watchGrowth(growth(), () => told++).end();
    writeFileSync(join(folder.path, 'pack'), 'x'.repeat(2000));
    await delay(400);
    assert.equal(told, 0);
  });

  it('counts nothing that other folders share, and no folder that is gone', async () => {
    mkdirSync(join(folder.path, 'other'));
    writeFileSync(join(folder.path, 'other', 'pack'), 'x'.repeat(2000));
    linkSync(join(folder.path, 'other', 'pack'), join(folder.path, 'pack'));
    assert.equal(await hasGrownTooMuch(growth()), false);
    rmSync(join(folder.path, 'other'), { recursive: true });
    assert.equal(await hasGrownTooMuch(growth()), true);
    assert.equal(await hasGrownTooMuch({ folder: join(folder.path, 'none'), maxBytes: 1 }), false);
  });
});
