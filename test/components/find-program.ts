import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The real servers of the component tests, by Debian's packages. */
export const COMPONENTS = [{ package: 'prometheus', programs: ['prometheus', 'promtool'] }] as const;

/** Where an unpacked package stands. */
export function componentFolder(name: string): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'generatorset-components', name);
}

/** The path of a program: on PATH, or unpacked in the cache; undefined where it is missing. */
export function findProgram(name: string): string | undefined {
  const unpacked = COMPONENTS.map((component) => join(componentFolder(component.package), 'usr', 'bin'));
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...unpacked];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
