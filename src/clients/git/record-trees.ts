import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryRef, Tree, TreeEntry, TreeReader } from '../../api/readers.ts';
import { describeRequest, stringifyRecording } from './tree-recording.ts';

/**
 * Reads through another reader and writes down what was listed and read: one `NNN-git-<name>.json` for each
 * opened tree, complete after every step, without credentials.
 */
export function recordTrees(folder: string, reader: TreeReader): TreeReader {
  return {
    async open(repository, signal) {
      const tree = await reader.open(repository, signal);
      await mkdir(folder, { recursive: true });
      return recordTree(tree, repository, await claimFile(folder, repository.url));
    },
  };
}

/** Collects what was listed and read, and writes all of it anew after each step. */
function recordTree(tree: Tree, repository: RepositoryRef, file: string): Tree {
  const request = describeRequest(repository);
  const entries = new Map<string, TreeEntry>();
  const files = new Map<string, string>();
  let writing: Promise<void> = Promise.resolve();

  /** One after the other, so that an older text never replaces a newer one. */
  function write(): Promise<void> {
    const listed = [...entries.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    const response = {
      commit: tree.commit,
      entries: listed.map(({ path, type, size }) => ({ path, type, ...(size !== undefined && { size }) })),
      files: Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1))),
    };
    writing = writing.then(() => replaceFile(file, stringifyRecording({ request, response })));
    return writing;
  }

  return {
    commit: tree.commit,
    async list(signal, prefix) {
      const found = await tree.list(signal, prefix);
      for (const entry of found) entries.set(entry.path, entry);
      await write();
      return found;
    },
    async read(paths, signal) {
      const found = await tree.read(paths, signal);
      for (const [path, bytes] of found) files.set(path, bytes.toString('utf8'));
      await write();
      return found;
    },
  };
}

/** Takes the next number that no recording of the folder has, and a file of that name. */
async function claimFile(folder: string, url: string): Promise<string> {
  const numbers = (await readdir(folder)).map((name) => Number(/^(\d{3,})-.*\.json$/.exec(name)?.[1] ?? 0));
  const last =
    url
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .at(-1) ?? '';
  const slug =
    last
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40) || 'repository';
  for (let number = Math.max(0, ...numbers) + 1; ; number++) {
    const file = join(folder, `${String(number).padStart(3, '0')}-git-${slug}.json`);
    try {
      await writeFile(file, '{}\n', { flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A program that is stopped leaves a whole recording. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}
