import { normaliseFolder } from '../api/check-set.ts';
import { StalledError } from '../api/errors.ts';
import type { TreeEntry } from '../api/readers.ts';
import type { GitRepository } from '../clients/git/git-repository.ts';
import type { GitTree } from '../clients/git/git-tree.ts';
import { blobId, formatOf } from '../clients/git/object-id.ts';
import { cleanIdentity } from '../clients/git/write-commit.ts';
import { checkFilePath } from '../lib/file-path.ts';
import { checkRefName } from '../lib/git-ref.ts';
import {
  type Delivered,
  type Delivery,
  type Previous,
  type Target,
  TargetMovedError,
} from '../plan/target.ts';
import { fileChanges } from './file-changes.ts';
import { MAX_STATE_BYTES, parseState, type SetName, stateFilePath, stringifyState } from './state-file.ts';

/** What helps where the state is broken. */
const ADVICE = "restore it from Git's history";

/** A branch of a repository, and whose files are kept there. */
export interface GitTargetOptions {
  readonly set: SetName;
  readonly repository: GitRepository;
  readonly branch: string;
  /** Where commits go instead; begun from `branch` when it does not exist yet. */
  readonly pushBranch?: string;
  /** Folder of the repository; its root when empty or `./`. */
  readonly path?: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** Delivers to a Git branch: files and state in one commit, pushed and never forced. */
export function createGitTarget(options: GitTargetOptions): Target {
  const place = readPlace(options);
  const description = `${place.pushBranch} of ${options.repository.address}${below(place.path)}`;
  const bases = new WeakMap<Previous, Base>();
  return {
    key: `${options.repository.name} ${place.pushBranch}`,
    description,
    async read(signal) {
      const base = await readBase(place, signal);
      const previous = await readPrevious(place, base, signal);
      bases.set(previous, base);
      return previous;
    },
    async deliver(delivery, signal) {
      const base = bases.get(delivery.previous);
      if (!base) throw new Error('a plan must be delivered to the target that it was made for');
      return deliver(place, base, delivery, signal);
    },
  };
}

/** The options, checked. */
interface Place extends GitTargetOptions {
  readonly pushBranch: string;
  readonly path: string;
  readonly stateFile: string;
}

/** The commit that a plan is made for; empty in a repository without any branch. */
interface Base {
  readonly branch: string;
  readonly tree?: GitTree;
  /** What is below the path, by path from there. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
}

/** Everything that only another spec can mend is found before the remote is asked. */
function readPlace(options: GitTargetOptions): Place {
  const folder = normaliseFolder(options.path ?? '');
  const path = folder === '.' ? '' : folder;
  const pushBranch = options.pushBranch ?? options.branch;
  const author = { name: cleanIdentity(options.author.name), email: cleanIdentity(options.author.email) };
  if (author.name === '' || author.email === '')
    throw new StalledError('InvalidAuthor', 'commits need an author with a name and an email');
  try {
    for (const branch of [options.branch, pushBranch]) checkRefName(branch, 'branch');
    if (path !== '') checkFilePath(path);
  } catch (error) {
    throw new StalledError('InvalidTarget', (error as Error).message, { cause: error });
  }
  return { ...options, author, path, pushBranch, stateFile: stateFilePath(options.set) };
}

/** The push branch is begun from the branch, and goes on by itself once it exists. */
async function readBase({ repository, branch, pushBranch, path }: Place, signal: AbortSignal): Promise<Base> {
  const branches = [...new Set([pushBranch, branch])];
  const heads = await repository.resolve(
    branches.map((name) => `refs/heads/${name}`),
    signal,
  );
  const found = branches.find((name) => heads.has(`refs/heads/${name}`));
  if (found === undefined) {
    if (await repository.hasBranches(signal))
      throw new Error(`${repository.address} has no branch ${branch}: create it, or name another`);
    return { branch: pushBranch, entries: new Map() };
  }
  const ref = `refs/heads/${found}`;
  const tree = await repository.open(ref, heads.get(ref) as string, signal);
  const entries = await tree.list(signal, path);
  if (entries.length === 0) await checkFolders(tree, path, signal);
  // Entries have paths from the root; changes and state have them from the target's path.
  const skip = path === '' ? 0 : path.length + 1;
  return { branch: found, tree, entries: new Map(entries.map((entry) => [entry.path.slice(skip), entry])) };
}

/** A link or a file where the target's path needs a folder would be replaced; that is refused. */
async function checkFolders(tree: GitTree, path: string, signal: AbortSignal): Promise<void> {
  if (path === '') return;
  const names = path.split('/');
  const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
  const wrong = (await tree.lookUp(folders, signal)).find((entry) => entry.type !== 'directory');
  if (wrong)
    throw new Error(`target path ${JSON.stringify(path)}: ${JSON.stringify(wrong.path)} is a ${wrong.type}`);
}

/** The target as that commit has it; nothing that happens later changes what it says. */
async function readPrevious(place: Place, base: Base, signal: AbortSignal): Promise<Previous> {
  const read = async (
    paths: readonly string[],
    reading: AbortSignal,
    maxFileBytes?: number,
  ): Promise<Map<string, string>> => {
    const present = paths.filter((path) => fileAt(base, path) !== undefined);
    const blobs = await base.tree?.read(
      present.map((path) => join(place.path, path)),
      reading,
      maxFileBytes,
    );
    return new Map(present.map((path) => [path, String(blobs?.get(join(place.path, path)))]));
  };
  const text = (await read([place.stateFile], signal, MAX_STATE_BYTES)).get(place.stateFile);
  const file = `${join(place.path, place.stateFile)} of ${place.repository.address}`;
  return {
    ...(base.tree && { revision: formatRevision(base.branch, base.tree.commit) }),
    ...(text !== undefined && { state: parseState(text, { file, advice: ADVICE }).state }),
    compare: (path, desired) => compare(base, path, desired),
    read: (paths, reading) => read(paths, reading),
  };
}

/** By object id, so that an unchanged file is never read. */
function compare(base: Base, path: string, text: string): 'same' | 'different' | 'absent' {
  const entry = fileAt(base, path);
  if (!entry || !base.tree) return 'absent';
  return entry.oid === blobId(text, formatOf(base.tree.commit)) ? 'same' : 'different';
}

/** The file at a path, or undefined. Throws where a link, folder or submodule stands there or above. */
function fileAt({ entries }: Base, path: string): TreeEntry | undefined {
  const names = path.split('/');
  for (let length = 1; length < names.length; length++) {
    const folder = entries.get(names.slice(0, length).join('/'));
    if (folder && folder.type !== 'directory') throw blocked(folder, path);
  }
  const entry = entries.get(path);
  if (entry && entry.type !== 'file') throw blocked(entry, path);
  return entry;
}

function blocked(entry: TreeEntry, path: string): Error {
  return new Error(
    `file ${JSON.stringify(path)} cannot be kept: ${JSON.stringify(entry.path)} is a ${entry.type}`,
  );
}

/** One commit on the very commit that the plan was made for. */
async function deliver(
  place: Place,
  base: Base,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Delivered> {
  const { writes, removals } = await fileChanges(delivery, signal);
  for (const path of writes.keys()) fileAt(base, path);
  const files = new Map([...writes, [place.stateFile, stringifyState(delivery.next)]]);
  const request = {
    ...(base.tree && { parent: base.tree.commit }),
    files: new Map([...files].map(([path, text]) => [join(place.path, path), text])),
    removed: removals.map((path) => join(place.path, path)),
    message: delivery.message,
    author: place.author,
  };
  const outcome = await place.repository.push(request, place.pushBranch, signal);
  if (outcome.status === 'moved')
    throw new TargetMovedError(
      `${place.pushBranch} of ${place.repository.address} has moved: ${outcome.reason}`,
    );
  // An unchanged tree was not pushed, so it is still the base that has it.
  const branch = outcome.status === 'pushed' ? place.pushBranch : base.branch;
  return { revision: formatRevision(branch, outcome.commit) };
}

/** As Flux writes a revision: `main@sha1:<commit>`. */
function formatRevision(branch: string, commit: string): string {
  return `${branch}@${formatOf(commit)}:${commit}`;
}

function join(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

function below(path: string): string {
  return path === '' ? '' : `, below ${path}`;
}
