import { DEFAULT_BRANCH } from '../api/defaults.ts';
import { StalledError } from '../api/errors.ts';
import type { GeneratorSet, GitTargetSpec } from '../api/generatorset-schema.ts';
import { readGitAuth } from '../api/git-secret.ts';
import type { GitAuth, ObjectReader } from '../api/readers.ts';
import { type GitOptions, openRepository } from '../clients/git/git-repository.ts';
import { createDirectoryTarget } from '../commit/directory-target.ts';
import { createGitTarget } from '../commit/git-target.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { Target } from '../plan/target.ts';

/** Who commits where the set does not say. */
const DEFAULT_AUTHOR = { name: 'generatorset', email: 'noreply@generatorset.dev' };

/** The API of Flux's sources; every version has the fields that are read here. */
const SOURCE_API = 'source.toolkit.fluxcd.io/v1';

/** What targets are opened with. */
export interface TargetOptions {
  readonly objects: ObjectReader;
  readonly gitOptions: GitOptions;
}

/**
 * Opens the target that a set names, with its credentials; talks to no repository yet. Throws a StalledError for a
 * set without a target: where there is no cluster, nothing can be applied.
 */
export async function openTarget(
  { metadata, spec }: GeneratorSet,
  { objects, gitOptions }: TargetOptions,
  signal: AbortSignal,
): Promise<Target> {
  const set = { namespace: metadata.namespace, name: metadata.name };
  const { git, directory } = spec.target ?? {};
  if (directory) return createDirectoryTarget({ set, directory: directory.path });
  if (!git) {
    throw new StalledError('NoTarget', 'spec.target names no repository and no directory to deliver to');
  }
  const place = await findRepository(git, set.namespace, objects, signal);
  const auth =
    place.secret === undefined ? undefined : await readAuth(place.secret, set.namespace, objects, signal);
  return createGitTarget({
    set,
    repository: openRepository({ url: place.url, auth }, gitOptions),
    branch: place.branch,
    path: git.path,
    author: git.commit?.author ?? DEFAULT_AUTHOR,
    ...(git.push && { pushBranch: git.push.branch }),
  });
}

interface Place {
  readonly url: string;
  readonly branch: string;
  readonly secret?: string;
}

/** The repository itself, or the one of a Flux source; what the set says comes before what the source says. */
async function findRepository(
  git: GitTargetSpec,
  namespace: string,
  objects: ObjectReader,
  signal: AbortSignal,
): Promise<Place> {
  const own = git.secretRef && { secret: git.secretRef.name };
  if (!git.sourceRef) return { url: git.url as string, branch: git.branch ?? DEFAULT_BRANCH, ...own };

  const { kind, name } = git.sourceRef;
  const what = `spec.target.git.sourceRef: ${kind} ${namespace}/${name}`;
  const source = await objects.get({ apiVersion: SOURCE_API, kind, namespace, name }, signal);
  if (!source) throw new Error(`${what} does not exist`);
  const url = textAt(source, 'spec', 'url');
  const branch = git.branch ?? textAt(source, 'spec', 'ref', 'branch');
  const secret = textAt(source, 'spec', 'secretRef', 'name');
  if (url === undefined) throw new Error(`${what} has no spec.url`);
  if (branch === undefined) throw new Error(`${what} has no spec.ref.branch: give spec.target.git.branch`);
  return { url, branch, ...(secret !== undefined && { secret }), ...own };
}

async function readAuth(
  name: string,
  namespace: string,
  objects: ObjectReader,
  signal: AbortSignal,
): Promise<GitAuth> {
  try {
    return await readGitAuth(name, { namespace, objects, signal });
  } catch (error) {
    throw new Error(`spec.target.git.secretRef: ${(error as Error).message}`, { cause: error });
  }
}

function textAt(object: JsonObject, ...path: string[]): string | undefined {
  let value: JsonValue | undefined = object;
  for (const key of path) value = isObject(value) ? ownValue(value, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}
