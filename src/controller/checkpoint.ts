import { isDeepStrictEqual } from 'node:util';
import { isConflict, isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isObject, type JsonObject, ownValue } from '../lib/json.ts';
import type { Logger } from '../lib/logger.ts';
import { CheckpointError, packRuns, type Run, unpackRuns } from './checkpoint-format.ts';
import type { KeptReference } from './kept-reference.ts';

/** How often a write is tried when others write too. */
const MAX_TRIES = 5;
const KEY = 'runs.json.gz';
const FIELD_MANAGER = 'generatorset';

interface CheckpointOptions {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Of the ConfigMap; each shard has its own. */
  readonly name: string;
  readonly log: Logger;
}

/**
 * When each set ran last and what it had read by then, kept in a ConfigMap so that a restart asks nobody anew. It is a
 * hint that saves queries: what is lost or cannot be read costs a query a set.
 */
export class Checkpoint {
  readonly #options: CheckpointOptions;
  readonly #runs = new Map<string, Run>();
  readonly #path: string;
  /** Of the ConfigMap as it was read or written last; undefined: there was none. */
  #resourceVersion: string | undefined;
  #isRead = false;
  #isDirty = false;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: CheckpointOptions) {
    const { namespace, name } = options;
    this.#options = options;
    this.#path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`;
  }

  /** How many sets it knows. */
  get size(): number {
    return this.#runs.size;
  }

  /** Reads what an earlier process has kept. Where that is not possible, it says so and knows of no runs. */
  async load(signal: AbortSignal): Promise<void> {
    try {
      await this.#read(signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#warn(error);
    }
  }

  /** When the last good pass over this generation of a set began, in milliseconds of the epoch. */
  get(uid: string, generation: number): number | undefined {
    return this.#find(uid, generation)?.at;
  }

  /** What the passes over this generation of a set had read by the end of the last good one; undefined: not known. */
  references(uid: string, generation: number): readonly KeptReference[] | undefined {
    return this.#find(uid, generation)?.references;
  }

  /** Remembers a good pass. */
  set(uid: string, run: Run): void {
    if (isDeepStrictEqual(this.#runs.get(uid), run)) return;
    this.#runs.set(uid, run);
    this.#isDirty = true;
  }

  /** Forgets a set that is gone. */
  forget(uid: string): void {
    if (this.#runs.delete(uid)) this.#isDirty = true;
  }

  /**
   * Writes what has changed, if anything has: one request. Resolves only when what an earlier flush has begun is
   * written, too. Rejects when that fails; the next flush tries again.
   */
  flush(signal: AbortSignal): Promise<void> {
    const begin = () => this.#flush(signal);
    this.#flushing = this.#flushing.then(begin, begin);
    return this.#flushing;
  }

  #find(uid: string, generation: number): Run | undefined {
    const run = this.#runs.get(uid);
    return run?.generation === generation ? run : undefined;
  }

  async #flush(signal: AbortSignal): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      if (!this.#isRead) await this.#read(signal);
      await this.#write(signal);
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }

  /** Somebody who wrote meanwhile may know of newer runs: both are kept. */
  async #write(signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#apply(signal);
        return;
      } catch (error) {
        if (!(isConflict(error) || isNotFound(error)) || tries === MAX_TRIES) throw error;
        await this.#read(signal);
      }
    }
  }

  async #apply(signal: AbortSignal): Promise<void> {
    const { client, namespace, name } = this.#options;
    const metadata: JsonObject = {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': FIELD_MANAGER },
    };
    if (this.#resourceVersion !== undefined) metadata['resourceVersion'] = this.#resourceVersion;
    const object = await client.request(
      {
        method: 'PATCH',
        path: this.#path,
        query: { fieldManager: FIELD_MANAGER, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata,
          binaryData: { [KEY]: await packRuns(this.#runs) },
        },
      },
      signal,
    );
    this.#resourceVersion = resourceVersionOf(object);
  }

  /** Reads the ConfigMap and takes the runs that are newer than those known. What it holds may be unreadable. */
  async #read(signal: AbortSignal): Promise<void> {
    const object = await this.#get(signal);
    this.#resourceVersion = object && resourceVersionOf(object);
    this.#isRead = true;
    const data = object && ownValue(object, 'binaryData');
    const packed = isObject(data) ? ownValue(data, KEY) : undefined;
    if (packed === undefined) return;
    try {
      for (const [uid, run] of await unpackRuns(packed)) {
        if (!((this.#runs.get(uid)?.at ?? -1) >= run.at)) this.#runs.set(uid, run);
      }
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.#warn(error);
    }
  }

  async #get(signal: AbortSignal): Promise<JsonObject | undefined> {
    try {
      return await this.#options.client.request({ method: 'GET', path: this.#path }, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #warn(error: unknown): void {
    const { log, namespace, name } = this.#options;
    log.warn(`the last runs in ConfigMap ${namespace}/${name}: ${(error as Error).message}`);
  }
}

function resourceVersionOf(object: JsonObject): string | undefined {
  const metadata = ownValue(object, 'metadata');
  const version = isObject(metadata) ? ownValue(metadata, 'resourceVersion') : undefined;
  return typeof version === 'string' ? version : undefined;
}
