import { checkSpec } from '../../api/check-spec.ts';
import { type LabelSelector, labelSelectorSchema, matchesLabels } from '../../api/label-selector.ts';
import { holdsText } from '../../lib/holds-text.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { combineEntries, type Entry, nameEntry } from '../entry.ts';
import { type Field, fieldAt, fieldsOf, isObjectField, textOf } from '../field.ts';
import { convertProvider } from './convert-provider.ts';
import { describeProvider, type InputOptions, nameOf, namespaceOf } from './provider.ts';

/** One provider of inputs: the ResourceSet itself is the first. */
interface Provided {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** The generators that give what the inputs give. Without any inputs there is one element, which is empty. */
export function convertInputs(root: Field, options: InputOptions): JsonValue[] {
  const { conversion, used } = options;
  const spec = fieldAt(root, 'spec');
  const strategy = fieldAt(spec, 'inputStrategy');
  const isPermuted = readStrategy(fieldAt(strategy, 'name'), conversion);
  const own = convertOwnInputs(root, { ...options, isPermuted });
  const from = findProviders(root, options);
  const others = from.map((field) => ({
    name: nameOf(field),
    entries: convertProvider(field, { ...options, under: isPermuted ? normalise(nameOf(field)) : undefined }),
  }));
  const given: Provided[] = [...own, ...others].filter(({ entries }) => entries.length > 0);
  if (given.length === 0 && fieldsOf(fieldAt(spec, 'inputsFrom')).length === 0)
    return [{ list: { elements: [{}] } }];
  if (!isPermuted) return given.map(({ entries }) => combineEntries(entries));
  conversion.differ(
    strategy,
    'a provider without inputs makes the set render nothing, rather than being passed over',
  );
  if (used.has('id'))
    conversion.lose(
      fieldAt(strategy, 'name'),
      'combinations have no inputs.id here: name objects by the fields of the inputs',
    );
  conversion.leaveOut(fieldAt(strategy, 'includeEmptyProviders'), 'empty providers are always included');
  return given.length === 0 ? [] : [combineEntries(given.flatMap(({ entries }) => entries))];
}

/** Whether inputs are combined with each other; otherwise they follow one another. */
function readStrategy(name: Field | undefined, conversion: Conversion): boolean {
  if (name?.value === 'Permute' || name?.value === 'Flatten') conversion.use(name);
  else conversion.lose(name, 'it is no strategy that is known');
  return name?.value === 'Permute';
}

function convertOwnInputs(root: Field, options: InputOptions & { readonly isPermuted: boolean }): Provided[] {
  const { conversion, hasProvider, isPermuted } = options;
  const field = fieldAt(root, 'spec', 'inputs');
  if (field === undefined || fieldsOf(field).length === 0) {
    conversion.useEmpty(field);
    return [];
  }
  const elements = conversion.carry(field);
  if (hasProvider && Array.isArray(elements)) for (const element of elements) addProvider(element, root);
  if (isPermuted && holdsText(field.value, '<<'))
    conversion.differ(field, 'a value with << is a template in a matrix');
  const list: JsonObject = { elements };
  conversion.origins.noteKey(list, 'elements', field);
  const name = nameOf(root);
  return [{ name, entries: [nameEntry(isPermuted ? normalise(name) : undefined, { list })] }];
}

function addProvider(element: JsonValue, root: Field): void {
  if (typeof element === 'object' && element !== null && !Array.isArray(element))
    element['provider'] = describeProvider(root);
}

/** A name as a template reads it. */
function normalise(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}

/** The providers that the set names and that were given, each once, in the order of their names. */
function findProviders(root: Field, { providers, conversion }: InputOptions): Field[] {
  const found = new Set<Field>();
  for (const reference of fieldsOf(fieldAt(root, 'spec', 'inputsFrom'))) {
    for (const key of ['apiVersion', 'kind']) conversion.text(fieldAt(reference, key));
    const matching = providers.filter(
      (one) => namespaceOf(one) === namespaceOf(root) && isMeant(one, reference),
    );
    if (matching.length === 0)
      conversion.lose(
        reference,
        'no such ResourceSetInputProvider was given: convert its file together with this one',
      );
    else for (const key of ['name', 'selector']) conversion.use(fieldAt(reference, key));
    for (const one of matching) found.add(one);
  }
  conversion.useEmpty(fieldAt(root, 'spec', 'inputsFrom'));
  return [...found].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function isMeant(provider: Field, reference: Field): boolean {
  const name = textOf(fieldAt(reference, 'name'));
  if (name !== undefined) return nameOf(provider) === name;
  const selector = fieldAt(reference, 'selector');
  if (!isObjectField(selector) || checkSpec(selector.value, labelSelectorSchema) !== undefined) return false;
  return matchesLabels(selector.value as LabelSelector, fieldAt(provider, 'metadata', 'labels')?.value);
}
