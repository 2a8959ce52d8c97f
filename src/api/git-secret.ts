import { readGitSecret } from '../lib/git-auth.ts';
import type { ObjectPlace } from './object-place.ts';
import type { GitAuth } from './readers.ts';
import { readSecret } from './secret-data.ts';

/**
 * The credentials of a repository from the Secret of this name, with the keys of a Flux GitRepository. Throws when it
 * is missing or has nothing that helps; messages name the Secret and the key, never a value.
 */
export async function readGitAuth(name: string, from: ObjectPlace): Promise<GitAuth> {
  const { place, data } = await readSecret({ name }, from);
  try {
    return readGitSecret(data);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}
