import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageBuilder } from '../components/make-image-builder.ts';
import { runTool } from '../components/run-tool.ts';

/** Linux's list of libraries. */
const LIBRARIES = '/etc/ld.so.cache';

/** Runs buildah with storage of its own below a folder, and gives what it printed without the last line end. */
export type Buildah = (...args: readonly string[]) => string;

/**
 * Opens the unpacked buildah. It starts itself again with an empty environment, so that its libraries are put into the
 * list of libraries that it sees, in a mount namespace of its own.
 */
export function openBuildah({ folder: unpacked }: ImageBuilder, folder: string): Buildah {
  const list = join(folder, 'ld.so.cache');
  const configuration = join(folder, 'ld.so.conf');
  const libraries = globSync('usr/lib/*-linux-gnu', { cwd: unpacked }).map((path) => join(unpacked, path));
  writeFileSync(configuration, ['include /etc/ld.so.conf', ...libraries, ''].join('\n'));
  runTool('ldconfig', ['-X', '-C', list, '-f', configuration], { cwd: folder });
  const start = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(folder, 'root'),
    '--runroot',
    join(folder, 'run'),
  ];
  const program = [join(unpacked, 'usr/bin/buildah'), ...storage];
  const env = {
    CONTAINERS_CONF: join(unpacked, 'usr/share/containers/containers.conf'),
    CONTAINERS_REGISTRIES_CONF: join(unpacked, 'etc/containers/registries.conf'),
    TMPDIR: folder,
  };
  return (...args) =>
    runTool('unshare', ['--mount', 'sh', '-c', start, 'sh', list, LIBRARIES, ...program, ...args], {
      cwd: folder,
      env,
    }).trimEnd();
}

/** What lets images be made that nobody signed. */
export function signaturePolicy({ folder }: ImageBuilder): string[] {
  return ['--signature-policy', join(folder, 'etc/containers/policy.json')];
}
