import { DEFAULT_NAMESPACE } from '../../api/defaults.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { type Field, fieldAt, textOf } from '../field.ts';
import type { UsedInputs } from './rewrite-inputs.ts';

/** What the conversion of inputs must know. */
export interface InputOptions {
  readonly conversion: Conversion;
  /** The input providers that were given. */
  readonly providers: readonly Field[];
  readonly used: UsedInputs;
  /** Whether a template reads `inputs.provider`. */
  readonly hasProvider: boolean;
}

/** What `inputs.provider` is of the inputs that an object provides. */
export function describeProvider(root: Field): JsonObject {
  return {
    apiVersion: textOf(fieldAt(root, 'apiVersion')) ?? '',
    kind: textOf(fieldAt(root, 'kind')) ?? '',
    name: nameOf(root),
    namespace: namespaceOf(root),
  };
}

/** The name of an object; empty where it has none. */
export function nameOf(root: Field): string {
  return textOf(fieldAt(root, 'metadata', 'name')) ?? '';
}

/** The namespace of an object, or the one that sets without one are in. */
export function namespaceOf(root: Field): string {
  return textOf(fieldAt(root, 'metadata', 'namespace')) ?? DEFAULT_NAMESPACE;
}
