import { readGitSecret } from '../lib/git-auth.ts';
import { objectData } from '../lib/object-data.ts';
import type { GitAuth, ObjectReader } from './readers.ts';

/** Where a Secret is looked for: the namespace of the set, never another. */
interface SecretPlace {
  readonly namespace: string;
  readonly objects: ObjectReader;
  readonly signal: AbortSignal;
}

/**
 * The credentials of a repository from the Secret of this name, with the keys of a Flux GitRepository. Throws when it
 * is missing or has nothing that helps; messages name the Secret and the key, never a value.
 */
export async function readGitAuth(
  name: string,
  { namespace, objects, signal }: SecretPlace,
): Promise<GitAuth> {
  const secret = await objects.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }, signal);
  if (!secret) throw new Error(`Secret ${namespace}/${name} does not exist`);
  try {
    return readGitSecret(objectData(secret));
  } catch (error) {
    throw new Error(`Secret ${namespace}/${name}: ${(error as Error).message}`, { cause: error });
  }
}
