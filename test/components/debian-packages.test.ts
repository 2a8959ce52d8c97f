import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { makeComponent } from './debian-packages.ts';

describe('makeComponent', () => {
  const folder = useTemporaryFolder();
  const before = process.env['XDG_CACHE_HOME'];
  beforeEach(() => {
    process.env['XDG_CACHE_HOME'] = folder.path;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  });

  function list(path = ''): string[] {
    return readdirSync(join(folder.path, 'generatorset-components', path)).sort();
  }

  it('shows the folder when it is whole, in the place of an older one', () => {
    for (const file of ['old', 'new']) {
      makeComponent('server', (made, work) => {
        writeFileSync(join(made, file), '');
        writeFileSync(join(work, 'rubbish'), '');
        assert.ok(!list().includes('server') || list('server')[0] === 'old');
      });
    }
    assert.deepEqual([list(), list('server')], [['server'], ['new']]);
  });

  it('leaves what was there, and nothing else, where it fails', () => {
    makeComponent('server', (made) => writeFileSync(join(made, 'old'), ''));
    const fail = () => {
      throw new Error('no network');
    };
    assert.throws(() => makeComponent('server', fail), /no network/);
    assert.deepEqual([list(), list('server')], [['server'], ['old']]);
  });

  it('removes what a killed installation left, and not what another is doing', () => {
    const components = join(folder.path, 'generatorset-components');
    for (const [name, age] of [
      ['server.work-old', 3],
      ['server.work-new', 0],
      ['server-2.work-old', 3],
    ] as const) {
      mkdirSync(join(components, name), { recursive: true });
      const time = new Date(Date.now() - age * 3600_000);
      utimesSync(join(components, name), time, time);
    }
    makeComponent('server', () => {});
    assert.deepEqual(list(), ['server', 'server-2.work-old', 'server.work-new']);
  });
});
