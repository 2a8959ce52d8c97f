import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { componentFolder } from '../components/find-program.ts';

const SOURCES = join(import.meta.dirname, 'oracle');

/** Where Debian's packages golang-*-dev put their sources. */
const PACKAGES = '/usr/share/gocode';
const NEEDED = ['github.com/Masterminds/sprig', 'sigs.k8s.io/yaml'];
const INSTALL = 'apt-get install golang-go golang-github-masterminds-sprig-dev golang-k8s-sigs-yaml-dev';

/** The oracle's program, or why there is none. */
export type Oracle =
  | { readonly program: string /** Such as `go version go1.19.8 linux/amd64`. */; readonly version: string }
  | { readonly program?: undefined; readonly reason: string };

/**
 * Builds the oracle, real Go with Sprig, into the cache of the components, once for its sources and Go's version.
 * Never throws: where Go or its packages are missing it says so.
 */
export function buildOracle(): Oracle {
  const missing = NEEDED.find((name) => !existsSync(join(PACKAGES, 'src', name)));
  if (missing !== undefined) return { reason: `Go's package ${missing} is missing; on Debian: ${INSTALL}` };
  try {
    const version = runGo(['version']).toString().trim();
    const digest = createHash('sha256').update(version);
    for (const file of readdirSync(SOURCES).sort()) digest.update(readFileSync(join(SOURCES, file)));
    const folder = join(componentFolder('oracle'), digest.digest('hex').slice(0, 16));
    const program = join(folder, 'oracle');
    if (!existsSync(program)) build(folder);
    return { program, version };
  } catch (error) {
    return { reason: `the oracle cannot be built: ${(error as Error).message}; on Debian: ${INSTALL}` };
  }
}

/** The program at this path, or the one that is built from the sources here. Throws where it can't be. */
export function findOracle(path: string | undefined): string {
  if (path !== undefined) return path;
  const built = buildOracle();
  if (built.program === undefined) throw new Error(built.reason);
  return built.program;
}

/** The folder appears at once and whole. */
function build(folder: string): void {
  mkdirSync(componentFolder('oracle'), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    runGo(['build', '-o', join(work, 'oracle'), '.']);
    if (!existsSync(folder)) renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function runGo(args: readonly string[]): Buffer {
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: PACKAGES, GOFLAGS: '' };
  return execFileSync('go', args, { cwd: SOURCES, env, timeout: 300_000, stdio: ['ignore', 'pipe', 'pipe'] });
}
