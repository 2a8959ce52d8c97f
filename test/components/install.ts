// Fetches the real servers that component tests run against: on Debian, as root, from its packages, unpacked into a
// cache folder and never installed, so that no service starts. Elsewhere it says what the tests will skip.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMPONENTS, componentFolder, findProgram } from './find-program.ts';

function isRootOnDebian(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

function run(command: string, args: string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Downloads a package and unpacks it; the folder appears at once and whole. */
function unpackPackage(name: string): void {
  const folder = componentFolder(name);
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    run('apt-get', ['update', '-qq'], work);
    run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', name], work);
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error(`apt-get download ${name} gave no package`);
    run('dpkg', ['-x', archive, 'root'], work);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

for (const { package: name, programs } of COMPONENTS) {
  if (programs.every((program) => findProgram(program))) continue;
  if (isRootOnDebian()) {
    say(`components: fetching ${name}`);
    unpackPackage(name);
  } else {
    say(`components: ${name} is missing, its tests will be skipped; on Debian: sudo apt-get install ${name}`);
  }
}
