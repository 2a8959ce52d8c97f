import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Buildah } from './buildah.ts';

/** What an image says of how it is run. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Cmd?: readonly string[];
}

/** An image that was unpacked, to be run. */
export interface RunnableImage {
  readonly config: ImageConfig;
  /** The folder with its files. */
  readonly root: string;
  /** The folder that a container sees as /tmp/work. */
  readonly work: string;
  /** Runs a program in a new container, and gives what it printed; throws where it fails. */
  run(program: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** The same with the image's entry point. */
  start(...args: readonly string[]): Promise<string>;
}

/**
 * What a container runtime does for a pod with the security that `install` asks for: the image's user without any
 * right, its root read-only, /tmp and /var/cache empty and writable. The network is the machine's.
 */
const CONTAINER = `set -e
root=$1 work=$2 user=$3
shift 3
mount --bind "$root" "$root"
for folder in tmp var/cache; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
mkdir "$root/tmp/work"
mount --bind "$work" "$root/tmp/work"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" "$@"
`;

/** Milliseconds that a container may run. */
const TIMEOUT = 60_000;

/** Unpacks an image below a folder. */
export function openImage(buildah: Buildah, name: string, folder: string): RunnableImage {
  const inspected = JSON.parse(buildah('inspect', '--type', 'image', name)) as {
    OCIv1: { config: ImageConfig };
  };
  const { config } = inspected.OCIv1;
  const root = buildah('mount', buildah('from', '--pull-never', name));
  const work = join(folder, 'work');
  mkdirSync(work, { mode: 0o777 });
  const own = Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
  const run: RunnableImage['run'] = async (program, env = {}) => {
    const container = ['--mount', '--pid', '--fork', 'sh', '-c', CONTAINER, 'sh', root, work, config.User];
    const options = { env: { ...own, ...env }, timeout: TIMEOUT, maxBuffer: 1 << 24 };
    const { stdout } = await promisify(execFile)('unshare', [...container, ...program], options);
    return stdout;
  };
  return { config, root, work, run, start: (...args) => run([...config.Entrypoint, ...args]) };
}
