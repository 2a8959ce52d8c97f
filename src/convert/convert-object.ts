import type { JsonObject } from '../lib/json.ts';
import { type ApplicationOptions, convertApplicationSet } from './application-set/convert-application-set.ts';
import { Conversion } from './conversion.ts';
import { type Field, fieldAt, textOf } from './field.ts';
import { convertGitOpsSet } from './gitops-set/convert-gitops-set.ts';
import { convertResourceSet } from './resource-set/convert-resource-set.ts';

/** What a person may choose. */
export interface ConvertOptions extends ApplicationOptions {
  /** The input providers that were given. */
  readonly providers: readonly Field[];
}

type Convert = (field: Field, conversion: Conversion, options: ConvertOptions) => JsonObject;

/** The kinds that are converted, with the groups that they may be of. */
const KINDS: ReadonlyMap<string, { readonly groups: readonly string[]; readonly convert: Convert }> = new Map(
  [
    ['GitOpsSet', { groups: ['sets.gitops.pro', 'templates.weave.works'], convert: convertGitOpsSet }],
    ['ResourceSet', { groups: ['fluxcd.controlplane.io'], convert: convertResourceSet }],
    ['ApplicationSet', { groups: ['argoproj.io'], convert: convertApplicationSet }],
  ],
);

/** What an object became, not validated yet, and what is known of every field of it. */
export interface Converted {
  readonly value: JsonObject;
  readonly conversion: Conversion;
}

/**
 * Makes a GeneratorSet of an object; undefined where it is of no kind that is converted. Each of its fields, and of the
 * input providers that it names, is carried or reported. Throws a StalledError where a template cannot be parsed.
 */
export function convertObject(field: Field, options: ConvertOptions): Converted | undefined {
  const kind = KINDS.get(kindOf(field));
  const group = (textOf(fieldAt(field, 'apiVersion')) ?? '').split('/')[0] ?? '';
  if (!kind?.groups.includes(group)) return undefined;
  const conversion = new Conversion();
  const value = kind.convert(field, conversion, options);
  for (const root of [field, ...options.providers.filter((one) => conversion.hasUsed(one))])
    conversion.reportRest(root);
  return { value, conversion };
}

/** The groups that an object's kind may be of, where it is converted and the object's group is none of them. */
export function expectedGroups(field: Field): readonly string[] | undefined {
  return KINDS.get(kindOf(field))?.groups;
}

/** The kind that an object says it is of; empty where it says none. */
export function kindOf(field: Field): string {
  return textOf(fieldAt(field, 'kind')) ?? '';
}
