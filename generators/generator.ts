import type { JSONSchema } from 'json-schema-to-ts';
import type { Element, Origin } from '../src/api/element.ts';
import type { HistoryQuestion, HistorySeries } from '../src/api/history.ts';
import type { ArtifactReader, HttpReader, ObjectReader, TreeReader } from '../src/api/readers.ts';
import type { SpecTemplate } from '../src/api/spec-template.ts';
import type { JsonObject, JsonValue } from '../src/lib/json.ts';
import type { Logger } from '../src/lib/logger.ts';

/** Turns one entry of `spec.generators` into elements. */
export interface Generator<Spec = unknown> {
  /** The key of this generator under `spec.generators[]`. */
  readonly name: string;
  /** Validates the spec, and becomes this generator's part of the CRD, the editor schema and the docs. */
  readonly schema: JSONSchema & object;
  /**
   * Mistakes in a spec that its schema cannot say, found before anything is asked. Of a template (`isTemplate`)
   * nothing is known yet.
   */
  check?(spec: Spec, isTemplate?: IsTemplate): readonly SpecMistake[];
  /** Whether `context.time` is honoured: what it gives for a time that is past is what it gave then. */
  readonly knowsPast?: boolean;
  /** The entries under `generators` of its spec, which it runs: it knows the past where they do. */
  children?(spec: Spec): readonly GeneratorEntry[];
  /** The elements, where the spec itself has them and nobody need be asked. */
  known?(spec: Spec): readonly Element[];
  /** The parts of its spec that it renders by the rules of the set's templates before they are used. */
  templates?(spec: Spec, isTemplate: IsTemplate): readonly SpecTemplate[];
  /** Produces the elements. Writes nowhere, and leaves the spec as it is. */
  generate(spec: Spec, context: GenerateContext): Promise<Element[]>;
  /** Milliseconds until the elements may have changed; absent when only a watched object or the spec changes them. */
  interval?(spec: Spec): number | undefined;
  /** What is asked of the outside, fit for evidence: PromQL, or origin and path; no credentials. */
  query?(spec: Spec): string | undefined;
  /** Asks the source of its elements for another query over time; absent where the source has no past. */
  history?(spec: Spec, question: HistoryQuestion, context: AskContext): Promise<readonly HistorySeries[]>;
}

/** A mistake in a generator's spec. */
export interface SpecMistake {
  /** From the generator's spec to the field. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Characters from the beginning of the field's text to the mistake, where it is within. */
  readonly offset?: number;
}

/** Whether a JSON value holds a template of the set: a text or a key with the left delimiter in it. */
export type IsTemplate = (value: JsonValue) => boolean;

/** One entry of `spec.generators`: the generator's key and its spec. */
export type GeneratorEntry = Readonly<Record<string, unknown>>;

/** Everything a generator may use of the world outside its spec. */
export interface GenerateContext {
  /** The set's namespace. */
  readonly namespace: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** For which time answers are wanted; absent: now. Only generators that know the past are asked for it. */
  readonly time?: Date;
  /** Says what else is known of an element that the generator is about to give. */
  note(element: Element, origin: Origin): void;
  /** The cluster, or local files; what is read here is watched. */
  readonly objects: ObjectReader;
  /** Bounded, guarded, recordable HTTP. */
  readonly http: HttpReader;
  /** Commits' trees of a repository, never a work tree. */
  readonly git: TreeReader;
  /** What source-controller packed of repositories. */
  readonly artifacts: ArtifactReader;
  /** Runs another generator: how matrix composes without importing any. */
  generate(entry: GeneratorEntry): Promise<Element[]>;
  /** What is known of an element that `generate` gave. */
  originOf(element: Element): Origin;
  readonly isTemplate: IsTemplate;
  /**
   * The value with all its texts and keys rendered as the set renders the content of its templates; they see `data`
   * and `.GeneratorSet`. Throws a StalledError when one is no template, another error when it fails on this data.
   */
  render(value: JsonObject, data: JsonObject): JsonObject;
}

/** What asking a server needs of the world. */
export type AskContext = Pick<GenerateContext, 'namespace' | 'signal' | 'log' | 'time' | 'objects' | 'http'>;
