import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  debianRelease,
  isRootOnDebian,
  makeComponent,
  packageOrigin,
  unpackPackages,
} from './debian-packages.ts';
import { componentFolder } from './find-program.ts';
import { runTool } from './run-tool.ts';

/** The release of Debian that images stand on. */
const RELEASE = 'bookworm';
const NAME = `image-builder-${RELEASE}`;
/** The files of a small Debian. */
const ARCHIVE = 'debian.tar';

/** buildah, and what it needs that a small Debian lacks. */
const PACKAGES = [
  'buildah',
  'golang-github-containers-common',
  'golang-github-containers-image',
  'libgpgme11',
  'libsubid4',
];

/** Whether this machine can get what builds images, and may mount, which building and running them needs. */
export function canMakeImageBuilder(): boolean {
  return (
    isRootOnDebian() && debianRelease() === RELEASE && spawnSync('unshare', ['--mount', 'true']).status === 0
  );
}

/** What builds images here: the folder that buildah was unpacked into, and the archive of a small Debian. */
export interface ImageBuilder {
  readonly folder: string;
  readonly debian: string;
}

/** Undefined where it was not made. */
export function findImageBuilder(): ImageBuilder | undefined {
  const folder = componentFolder(NAME);
  const debian = join(folder, ARCHIVE);
  return existsSync(debian) ? { folder, debian } : undefined;
}

/**
 * Unpacks buildah into the cache, and makes the files of a small Debian that stands for the base images of registries:
 * half a minute and 200 MiB. Installs nothing.
 */
export function makeImageBuilder(): void {
  makeComponent(NAME, (folder, work) => {
    unpackPackages(PACKAGES, folder);
    const bootstrap = join(work, 'bootstrap');
    mkdirSync(bootstrap);
    unpackPackages(['mmdebstrap'], bootstrap);
    const root = join(folder, ARCHIVE);
    // As the images of registries do, since nobody needs the files of a machine that went down.
    const options = ['--mode=root', '--variant=apt', '--dpkgopt=force-unsafe-io'];
    const origin = `deb ${packageOrigin(RELEASE, work)} ${RELEASE} main`;
    runTool('perl', [join(bootstrap, 'usr/bin/mmdebstrap'), ...options, RELEASE, root, origin], {
      cwd: work,
    });
  });
}
