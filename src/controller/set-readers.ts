import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { ObjectReader } from '../api/readers.ts';
import { createClusterReader } from '../clients/cluster/cluster-reader.ts';
import type { Handling } from './handling.ts';
import { withinNamespace } from './own-namespace.ts';
import { clientFor } from './set-account.ts';
import type { Use } from './watched-references.ts';

/** Reads objects of the cluster for a set, as its identity, and watches them for what they are read for. */
export function readersFor(
  set: GeneratorSet,
  { runtime, parts }: Pick<Handling, 'runtime' | 'parts'>,
): (use: Use) => ObjectReader {
  const client = clientFor(set, parts);
  const reader = createClusterReader({ client, discovery: parts.discovery });
  return (use) => {
    const watched = runtime.references.reader({ ...parts, use, client, reader });
    // An account's own rights say how far it sees; what is read for other uses has rules of its own.
    const isOpen = parts.allowCrossNamespace || client.user !== undefined || use !== 'generate';
    return isOpen ? watched : withinNamespace(watched, set.metadata.namespace);
  };
}
