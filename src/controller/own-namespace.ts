import { StalledError } from '../api/errors.ts';
import type { ObjectReader } from '../api/readers.ts';
import { ACCESS_DENIED } from '../api/reasons.ts';

/**
 * A reader that refuses to look beyond the set's namespace: for sets that act with the controller's own rights, where
 * it allows no references to other namespaces.
 */
export function withinNamespace(reader: ObjectReader, own: string): ObjectReader {
  const check = (kind: string, namespace: string): void => {
    if (namespace === own) return;
    const place = namespace === '' ? 'all namespaces' : `namespace ${namespace}`;
    throw new StalledError(
      ACCESS_DENIED,
      `${kind} of ${place}: with the controller's rights a set may only read its own namespace; give it a serviceAccountName that may list them, or the controller --no-cross-namespace-refs=false`,
    );
  };
  return {
    async get(ref, signal) {
      check(ref.kind, ref.namespace);
      return reader.get(ref, signal);
    },
    async list(ref, signal) {
      check(ref.kind, ref.namespace);
      return reader.list(ref, signal);
    },
  };
}
