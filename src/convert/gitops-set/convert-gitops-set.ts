import { API_VERSION, KIND } from '../../api/generatorset-schema.ts';
import { readDelimiters } from '../../api/read-delimiters.ts';
import { isObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { convertMetadata } from '../convert-metadata.ts';
import { type Field, fieldAt, fieldsOf, keyOf } from '../field.ts';
import { type Delimiters, nonDeterministicCalls } from '../template-words.ts';
import { reportDifferences } from './differences.ts';

/** The annotation, by the group that the kind was of. */
const DELIMITERS = ['sets.gitops.pro/delimiters', 'templates.weave.works/delimiters'];
const OWN_DELIMITERS = 'generatorset.dev/delimiters';

/** The order in which an entry with several generators runs them. */
const ORDER = [
  'list',
  'pullRequests',
  'gitRepository',
  'ociRepository',
  'matrix',
  'cluster',
  'apiClient',
  'imagePolicy',
  'config',
];

/** A GitOpsSet as a GeneratorSet: the fields they share have the same names and the same meaning. */
export function convertGitOpsSet(root: Field, conversion: Conversion): JsonObject {
  for (const key of ['apiVersion', 'kind']) conversion.use(fieldAt(root, key));
  let delimiters: Delimiters = ['{{', '}}'];
  const metadata = convertMetadata(root, conversion, (annotation, annotations) => {
    if (!DELIMITERS.includes(keyOf(annotation))) return false;
    delimiters = convertDelimiters(annotation, annotations, conversion) ?? delimiters;
    return true;
  });
  const spec = convertSpec(fieldAt(root, 'spec'), conversion);
  const templates = fieldAt(root, 'spec', 'templates');
  const calls = nonDeterministicCalls(templates, delimiters);
  if (calls.length > 0) {
    spec['allowNonDeterministic'] = true;
    const names = calls.join(', ');
    conversion.differ(templates, `${names}: spec.allowNonDeterministic permits what changes at every render`);
  }
  reportDifferences(root, delimiters, conversion);
  return { apiVersion: API_VERSION, kind: KIND, metadata, spec };
}

/** Delimiters that are not two are no delimiters there, without a word. */
function convertDelimiters(
  annotation: Field,
  annotations: JsonObject,
  conversion: Conversion,
): Delimiters | undefined {
  const text = String(annotation.value);
  if (text.split(',').length !== 2) {
    conversion.leaveOut(annotation, 'it is no pair of delimiters, so that GitOpsSets look past it');
    return undefined;
  }
  conversion.set(annotations, OWN_DELIMITERS, text, annotation);
  try {
    return readDelimiters({ [OWN_DELIMITERS]: text });
  } catch {
    // The result is validated, and the message has the place of this annotation.
    return undefined;
  }
}

function convertSpec(field: Field | undefined, conversion: Conversion): JsonObject {
  const spec: JsonObject = {};
  if (field) conversion.origins.note(spec, field);
  for (const key of ['suspend', 'serviceAccountName']) conversion.put(spec, key, fieldAt(field, key));
  const generators = fieldAt(field, 'generators');
  if (generators) conversion.set(spec, 'generators', convertGenerators(generators, conversion), generators);
  conversion.put(spec, 'templates', fieldAt(field, 'templates'));
  return spec;
}

/** One entry for each generator. */
function convertGenerators(field: Field, conversion: Conversion): JsonValue {
  const entries = conversion.carry(field);
  if (!Array.isArray(entries)) return entries;
  const single = fieldsOf(field).flatMap((entry, index) => {
    const names = ORDER.filter((name) => fieldAt(entry, name));
    const whole = entries[index] as JsonValue;
    if (names.length < 2 || !isObject(whole)) return [whole];
    conversion.differ(entry, 'each of its generators is an entry of its own, in the order in which they run');
    return splitEntry(entry, whole, conversion);
  });
  conversion.origins.note(single, field);
  return single;
}

function splitEntry(entry: Field, whole: JsonObject, conversion: Conversion): JsonObject[] {
  const names = Object.keys(whole).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return names.map((name) => {
    const one: JsonObject = {};
    conversion.set(one, name, whole[name] as JsonValue, fieldAt(entry, name) as Field);
    return one;
  });
}
