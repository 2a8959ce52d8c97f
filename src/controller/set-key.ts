import type { SetName } from './set-series.ts';

/** The set that a key of the queue, `namespace/name`, stands for. */
export function toName(key: string): SetName {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
