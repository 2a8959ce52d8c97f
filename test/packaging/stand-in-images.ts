import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { ImageBuilder } from '../components/make-image-builder.ts';
import { type Buildah, signaturePolicy } from './buildah.ts';

const DEBIAN = 'docker.io/library/debian:bookworm-slim';
const NODE = 'docker.io/library/node:24-bookworm-slim';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Makes the two base images of the Dockerfile from what is here, under the names that registries have for them: a small
 * Debian, and the same with this Node.js and npm, which asks the registry that this machine asks.
 */
export function makeStandInImages(buildah: Buildah, builder: ImageBuilder): void {
  const policy = signaturePolicy(builder);
  const container = buildah('from', 'scratch');
  buildah('add', container, builder.debian, '/');
  buildah('commit', '--quiet', ...policy, container, DEBIAN);
  buildah('add', container, process.execPath, '/usr/local/bin/node');
  buildah('add', container, npmFolder(), '/usr/local/lib/node_modules/npm');
  const link = ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'];
  buildah('run', '--isolation', 'chroot', container, '--', ...link);
  trustRegistry(buildah, container);
  buildah('commit', '--quiet', ...policy, container, NODE);
  buildah('rm', container);
}

/** What belongs to this machine's network is in the base image, so that the Dockerfile knows nothing of it. */
function trustRegistry(buildah: Buildah, container: string): void {
  buildah('config', '--env', `npm_config_registry=${askNpm('registry')}`, container);
  if (!existsSync(CERTIFICATES)) return;
  buildah('add', container, CERTIFICATES, CERTIFICATES);
  buildah('config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container);
  buildah('config', '--env', `npm_config_cafile=${CERTIFICATES}`, container);
}

/** A setting of this machine's npm. */
export function askNpm(setting: string): string {
  return execFileSync('npm', ['config', 'get', setting], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** Where the npm on PATH stands, with all that it needs. */
function npmFolder(): string {
  const programs = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  const program = programs.find((file) => existsSync(file));
  if (!program) throw new Error('no npm on PATH');
  return dirname(dirname(realpathSync(program)));
}
