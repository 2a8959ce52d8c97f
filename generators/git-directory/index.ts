import { DEFAULT_BRANCH } from '../../src/api/defaults.ts';
import { StalledError } from '../../src/api/errors.ts';
import { readGitAuth } from '../../src/api/git-secret.ts';
import { readInTurn } from '../../src/api/read-in-turn.ts';
import type { RepositoryRef, Tree, TreeEntry } from '../../src/api/readers.ts';
import { parseDuration } from '../../src/lib/duration.ts';
import { normaliseGitUrl, parseGitUrl } from '../../src/lib/git-url.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { checkSpec } from './check.ts';
import { readFileElements } from './file-elements.ts';
import { describePath } from './path-element.ts';
import { type GitDirectorySpec, gitDirectorySchema } from './schema.ts';
import { type PathPattern, selectPaths } from './select-paths.ts';

/** Gives the directories and files of a Git repository's commit. */
export const gitDirectory: Generator<GitDirectorySpec> = {
  name: 'gitDirectory',
  schema: gitDirectorySchema,
  check: checkSpec,
  async generate(spec, context) {
    context.signal.throwIfAborted();
    const tree = await openTree(spec, context);
    const entries = await tree.list(context.signal);
    const directories = select(entries, 'directory', spec.directories ?? [], spec);
    const files = select(entries, 'file', spec.files ?? [], spec);
    const contents = await readContents(tree, files, context.signal);
    const ofFiles = await readInTurn(
      files,
      (path) => readFileElements(path, contents.get(path) as Buffer),
      context.signal,
    );
    const elements = [
      ...directories.map((path) => ({ path, elements: [describePath(path)] })),
      ...files.map((path, index) => ({ path, elements: ofFiles[index] ?? [] })),
    ];
    return elements.sort((one, other) => (one.path < other.path ? -1 : 1)).flatMap((item) => item.elements);
  },
  interval: (spec) => parseDuration(spec.interval),
  query: (spec) => `${addressOf(spec.url)}@${Object.values(refOf(spec)).join()}`,
};

/** Resolves the ref and makes the commit's tree readable. */
async function openTree(spec: GitDirectorySpec, context: GenerateContext): Promise<Tree> {
  const auth = spec.secretRef && (await readGitAuth(spec.secretRef.name, context));
  return context.git.open({ url: spec.url, ref: refOf(spec), ...(auth && { auth }) }, context.signal);
}

/** What is read when the spec does not say. */
function refOf({ ref }: GitDirectorySpec): RepositoryRef['ref'] {
  return ref ?? { branch: DEFAULT_BRANCH };
}

/** The repository as evidence may show it: where it is, without protocol and credentials. */
function addressOf(url: string): string {
  const { protocol, url: address } = parseGitUrl(url, { allowFile: true });
  return protocol === 'ssh' ? normaliseGitUrl(url) : address;
}

/** An empty answer is never taken for an empty repository: what matches nothing is an error. */
function select(
  entries: readonly TreeEntry[],
  type: TreeEntry['type'],
  patterns: readonly PathPattern[],
  spec: GitDirectorySpec,
): string[] {
  const paths = entries.filter((entry) => entry.type === type).map((entry) => entry.path);
  try {
    return selectPaths(paths, patterns, type);
  } catch (error) {
    const message = `${addressOf(spec.url)}: ${(error as Error).message}`;
    if (error instanceof StalledError) throw new StalledError(error.reason, message, { cause: error });
    throw new Error(message, { cause: error });
  }
}

async function readContents(
  tree: Tree,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  return paths.length === 0 ? new Map() : tree.read(paths, signal);
}
