import type { JSONSchema } from 'json-schema-to-ts';
import type { Element } from '../src/api/element.ts';
import type { HttpReader, ObjectReader, TreeReader } from '../src/api/readers.ts';
import type { Logger } from '../src/lib/logger.ts';

/** Turns one entry of `spec.generators` into elements. */
export interface Generator<Spec = unknown> {
  /** The key of this generator under `spec.generators[]`. */
  readonly name: string;
  /** Validates the spec, and becomes this generator's part of the CRD, the editor schema and the docs. */
  readonly schema: JSONSchema & object;
  /** Produces the elements. Writes nowhere, and leaves the spec as it is. */
  generate(spec: Spec, context: GenerateContext): Promise<Element[]>;
  /** Milliseconds until the elements may have changed; absent when only a watched object or the spec changes them. */
  interval?(spec: Spec): number | undefined;
  /** What is asked of the outside, fit for evidence: PromQL, or origin and path; no credentials. */
  query?(spec: Spec): string | undefined;
}

/** One entry of `spec.generators`: the generator's key and its spec. */
export type GeneratorEntry = Readonly<Record<string, unknown>>;

/** Everything a generator may use of the world outside its spec. */
export interface GenerateContext {
  /** The set's namespace. */
  readonly namespace: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The cluster, or local files; what is read here is watched. */
  readonly objects: ObjectReader;
  /** Bounded, guarded, recordable HTTP. */
  readonly http: HttpReader;
  /** Commits' trees of a repository, never a work tree. */
  readonly git: TreeReader;
  /** Runs another generator: how matrix composes without importing any. */
  generate(entry: GeneratorEntry): Promise<Element[]>;
}
