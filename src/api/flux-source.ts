import { isObject, ownValue } from '../lib/json.ts';
import { valueAt } from '../lib/value-at.ts';
import { WaitingError } from './errors.ts';
import type { ObjectPlace } from './object-place.ts';
import type { ArtifactRef } from './readers.ts';
import { ARTIFACT_NOT_READY } from './reasons.ts';
import type { Resource } from './resource.ts';

/** The versions of Flux's sources, the newest first. Sources: fluxcd/source-controller, api/v1 and api/v1beta2. */
const API_VERSIONS = ['source.toolkit.fluxcd.io/v1', 'source.toolkit.fluxcd.io/v1beta2'];

/** Milliseconds until a source without an artifact is looked at again where it is not watched. */
const RETRY_AFTER = 30_000;

/** A source as messages and evidence name it: `GitRepository apps/fleet`. */
export function describeSource({ kind, metadata }: Resource, namespace: string): string {
  return `${kind} ${namespace}/${metadata.name}`;
}

/** Reads a source of Flux, of whichever version the cluster has. One that is missing is an error. */
export async function readSource(kind: string, name: string, place: ObjectPlace): Promise<Resource> {
  const { namespace, objects, signal } = place;
  let failure: unknown;
  let answered = false;
  for (const apiVersion of API_VERSIONS) {
    try {
      const source = await objects.get({ apiVersion, kind, namespace, name }, signal);
      if (source) return source;
      answered = true;
    } catch (error) {
      signal.throwIfAborted();
      failure ??= error;
    }
  }
  // A cluster need not have both versions.
  if (!answered) throw failure;
  throw new Error(`${kind} ${namespace}/${name} does not exist`);
}

/**
 * The artifact in a source's status. Throws a WaitingError while there is none, and an Error for one that cannot be
 * checked.
 */
export function artifactOf(source: Resource, namespace: string): ArtifactRef {
  const what = describeSource(source, namespace);
  const artifact = valueAt(source, ['status', 'artifact']);
  if (!isObject(artifact))
    throw new WaitingError(ARTIFACT_NOT_READY, RETRY_AFTER, `${what} has no artifact yet`);
  const field = (name: string): string => {
    const value = ownValue(artifact, name);
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`${what} has an artifact without ${name}`);
  };
  return { url: field('url'), digest: field('digest'), revision: field('revision') };
}
