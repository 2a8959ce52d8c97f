import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReadyTemplate } from '../../api/read-ready-template.ts';
import type { ReadyTemplate, TemplateLibrary } from '../../api/ready-template.ts';

/** What a folder of the library holds. */
const FILE = 'template.yaml';

/**
 * The ready-made templates of a folder, the program's own by default; each is read when a set names it. Throws a
 * StalledError for a broken one. Reading is synchronous: validation is, and the files are small and local.
 */
export function createTemplateLibrary(folder: string = programFolder()): TemplateLibrary {
  const known = new Map<string, ReadyTemplate>();
  let names: readonly string[] | undefined;
  const list = (): readonly string[] => {
    names ??= readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, FILE)))
      .sort();
    return names;
  };
  return {
    names: list,
    find(name) {
      // Only names that are listed reach a path.
      if (!list().includes(name)) return undefined;
      const ready =
        known.get(name) ??
        readReadyTemplate(readFileSync(join(folder, name, FILE), 'utf8'), {
          name,
          file: `templates/${name}/${FILE}`,
        });
      known.set(name, ready);
      return ready;
    },
  };
}

/** Beside the bundle, or in the root of the sources. */
function programFolder(): string {
  const bundled = join(import.meta.dirname, 'templates');
  return existsSync(bundled) ? bundled : join(import.meta.dirname, '../../../templates');
}
