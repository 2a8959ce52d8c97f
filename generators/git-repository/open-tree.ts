import { artifactOf, describeSource } from '../../src/api/flux-source.ts';
import { readGitAuth } from '../../src/api/git-secret.ts';
import type { FileTree, RepositoryRef } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { isObject, ownValue } from '../../src/lib/json.ts';
import { valueAt } from '../../src/lib/value-at.ts';
import type { GenerateContext } from '../generator.ts';

/** What Flux reads of a repository whose source names no ref. Source: fluxcd/source-controller, docs/spec/v1. */
const FLUX_DEFAULT_BRANCH = 'master';

/** What Flux packs with it or leaves out of it, which a commit alone does not show. */
const PACKING_FIELDS = ['include', 'sparseCheckout', 'recurseSubmodules'];

/** The files of a source, and of which revision. */
export interface SourceTree {
  readonly tree: FileTree;
  readonly revision: string;
}

/**
 * The files that a GitRepository stands for: those of its artifact. One that was never in a cluster and has none is
 * read from its repository itself.
 */
export async function openSourceTree(source: Resource, context: GenerateContext): Promise<SourceTree> {
  const { namespace, artifacts, signal } = context;
  if (isOfFile(source) && !valueAt(source, ['status', 'artifact'])) return openRepository(source, context);
  const tree = await artifacts.open(artifactOf(source, namespace), signal);
  return { tree, revision: tree.revision };
}

/** Every object of a cluster has a uid. */
function isOfFile({ metadata }: Resource): boolean {
  return ownValue(metadata, 'uid') === undefined;
}

async function openRepository(source: Resource, context: GenerateContext): Promise<SourceTree> {
  const what = describeSource(source, context.namespace);
  const url = valueAt(source, ['spec', 'url']);
  if (typeof url !== 'string') throw new Error(`${what} has neither status.artifact nor spec.url`);
  const packed = PACKING_FIELDS.find((field) => valueAt(source, ['spec', field]) !== undefined);
  if (packed !== undefined)
    throw new Error(`${what}: spec.${packed} is honoured only in an artifact; give status.artifact`);
  const secret = valueAt(source, ['spec', 'secretRef', 'name']);
  const auth = typeof secret === 'string' ? await readGitAuth(secret, context) : undefined;
  const ref = refOf(source, what);
  const tree = await context.git.open({ url, ref, ...(auth && { auth }) }, context.signal);
  const [name] = Object.values(ref);
  return { tree, revision: ref.commit === undefined ? `${name}@sha1:${tree.commit}` : `sha1:${tree.commit}` };
}

/** The one ref that counts in Flux: the commit, then name, then tag, then branch. */
function refOf(source: Resource, what: string): RepositoryRef['ref'] {
  const ref = valueAt(source, ['spec', 'ref']);
  const field = (name: string): string | undefined => {
    const value = isObject(ref) ? ownValue(ref, name) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [commit, name, semver, tag] = [field('commit'), field('name'), field('semver'), field('tag')];
  if (commit !== undefined) return { commit };
  if (name !== undefined || semver !== undefined)
    throw new Error(
      `${what}: spec.ref.${name === undefined ? 'semver' : 'name'} is known only to Flux; give branch, tag or commit, or status.artifact`,
    );
  return tag !== undefined ? { tag } : { branch: field('branch') ?? FLUX_DEFAULT_BRANCH };
}
