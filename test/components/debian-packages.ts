import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { componentFolder } from './find-program.ts';
import { runTool } from './run-tool.ts';

/** In milliseconds; a working folder that is older belongs to nobody any more. */
const ABANDONED = 2 * 3600_000;

/** Without it apt downloads as a user who can't write into root's folders. */
const AS_ROOT = ['-o', 'APT::Sandbox::User=root'];

/** Whether packages can be fetched here. */
export function isRootOnDebian(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Debian's name of this release, such as `bookworm`; empty elsewhere. */
export function debianRelease(): string {
  if (!existsSync('/etc/os-release')) return '';
  const text = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID=debian$/m.test(text)) return '';
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? '';
}

/** Learns which packages there are now; a fresh machine knows none. */
export function updatePackageLists(): void {
  runTool('apt-get', ['update', '-qq'], { cwd: '/' });
}

/** Downloads packages and unpacks them into one folder; nothing is installed, so that no service starts. */
export function unpackPackages(names: readonly string[], folder: string): void {
  const downloads = mkdtempSync(`${folder}-debs-`);
  try {
    runTool('apt-get', ['download', '-qq', ...AS_ROOT, ...names], { cwd: downloads });
    const archives = readdirSync(downloads).filter((file) => file.endsWith('.deb'));
    for (const archive of archives) runTool('dpkg', ['-x', archive, folder], { cwd: downloads });
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** Where this machine gets the packages of a release from. */
export function packageOrigin(release: string, folder: string): string {
  const filters = ['Created-By: Packages', 'Origin: Debian', `Codename: ${release}`];
  const origins = runTool('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...filters], {
    cwd: folder,
  });
  const [origin] = origins.split('\n');
  if (!origin) throw new Error(`apt knows no source of Debian ${release}'s packages`);
  return origin;
}

/** Downloads the source of a package, unchanged by Debian, and gives the path of its archive. */
export function downloadSource(name: string, release: string, folder: string): string {
  const origin = packageOrigin(release, folder);
  // A configuration of its own: the machine's sources rarely name source packages, and stay as they are.
  for (const part of ['lists/partial', 'parts', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  const options = [
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Etc::SourceList=${join(folder, 'sources.list')}`,
    `Dir::Etc::SourceParts=${join(folder, 'parts')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
  writeFileSync(
    join(folder, 'sources.list'),
    `deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${origin} ${release} main\n`,
  );
  runTool('apt-get', ['update', '-qq', ...AS_ROOT, ...options], { cwd: folder });
  runTool('apt-get', ['source', '-qq', '--download-only', ...AS_ROOT, ...options, name], { cwd: folder });
  const archive = readdirSync(folder).find((file) => /\.orig\.tar\.\w+$/.test(file));
  if (!archive) throw new Error(`apt-get source ${name} gave no archive`);
  return join(folder, archive);
}

/** Lets `fill` make a component's folder: it appears in the cache at once and whole, or not at all. */
export function makeComponent(name: string, fill: (folder: string, work: string) => void): void {
  const folder = componentFolder(name);
  mkdirSync(dirname(folder), { recursive: true });
  removeAbandoned(folder);
  const work = mkdtempSync(`${folder}.work-`);
  try {
    const made = join(work, 'made');
    mkdirSync(made);
    fill(made, work);
    rmSync(folder, { recursive: true, force: true });
    renameSync(made, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What a killed installation left beside the folder can be gigabytes. */
function removeAbandoned(folder: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    const path = join(dirname(folder), entry);
    if (!entry.startsWith(`${basename(folder)}.work-`) || statSync(path).mtimeMs > Date.now() - ABANDONED)
      continue;
    rmSync(path, { recursive: true, force: true });
  }
}
