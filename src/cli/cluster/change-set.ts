import { isNotFound } from '../../clients/cluster/api-error.ts';
import { objectPath } from '../../clients/cluster/paths.ts';
import type { JsonObject } from '../../lib/json.ts';
import { SET_KIND } from '../../status/kinds.ts';
import { type Asking, missingSet, type SetName } from './stored-sets.ts';

/** As whom managedFields know what the command line has changed. */
const FIELD_MANAGER = 'generatorset-cli';

/**
 * Changes fields of a set, and gives it as it is then; null removes a field. One request, so that it never conflicts
 * with what others write meanwhile.
 */
export async function changeSet(
  asking: Asking,
  { namespace, name }: SetName,
  change: JsonObject,
): Promise<JsonObject> {
  const { client, signal } = asking;
  try {
    return await client.request(
      {
        method: 'PATCH',
        path: objectPath(SET_KIND, namespace, name),
        query: { fieldManager: FIELD_MANAGER },
        contentType: 'application/merge-patch+json',
        body: change,
      },
      signal,
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw await missingSet(asking, { namespace, name }, error);
  }
}
