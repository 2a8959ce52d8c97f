import { API_VERSION, KIND } from '../../api/generatorset-schema.ts';
import { isObject, type JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { convertMetadata } from '../convert-metadata.ts';
import { combineEntries } from '../entry.ts';
import { type Field, fieldAt, fieldsOf, isObjectField, textOf } from '../field.ts';
import { nonDeterministicCalls, readsField, tokensBelow } from '../template-words.ts';
import type { Children, TemplateOptions } from './children.ts';
import { convertGenerator } from './convert-generator.ts';
import { convertToFlux } from './convert-to-flux.ts';
import { DELIMITERS, type Parameters } from './parameters.ts';
import { parametersRewriter } from './rewrite-parameters.ts';

/** What becomes of the Applications. */
export interface ApplicationOptions {
  /** `kustomization`: objects of Flux that do the same. */
  readonly to?: 'application' | 'kustomization';
}

/** An ApplicationSet as a GeneratorSet that gives the same Applications: Argo CD goes on to read them. */
export function convertApplicationSet(
  root: Field,
  conversion: Conversion,
  { to = 'application' }: ApplicationOptions = {},
): JsonObject {
  for (const key of ['apiVersion', 'kind']) conversion.use(fieldAt(root, key));
  const metadata = convertMetadata(root, conversion);
  const spec = fieldAt(root, 'spec');
  const isGo = conversion.isOn(fieldAt(spec, 'goTemplate'));
  const generators = fieldsOf(fieldAt(spec, 'generators'));
  const given = generators
    .map((field) => convertGenerator(field, { conversion, isGo }))
    .filter((children) => children !== undefined);
  conversion.useEmpty(fieldAt(spec, 'generators'));
  const parameters = joinParameters(given, spec, conversion);
  const rewrite = parametersRewriter(parameters, isGo, (field) => reportWhole(field, given, conversion));
  const entries = given.map(({ make }) => combineEntries(make(rewrite)));
  const template = fieldAt(spec, 'template');
  const isPreserved = conversion.isOn(fieldAt(spec, 'syncPolicy', 'preserveResourcesOnDeletion'));
  const options = { conversion, rewrite, isPreserved };
  const templates =
    to === 'kustomization'
      ? convertToFlux(template, options)
      : [{ content: convertTemplate(template, options) }];
  reportOptions(spec, isGo, conversion);
  const calls = isGo ? nonDeterministicCalls(template, DELIMITERS) : [];
  if (calls.length > 0)
    conversion.differ(
      template,
      `${calls.join(', ')}: spec.allowNonDeterministic permits what changes at every render`,
    );
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata,
    spec: {
      ...(calls.length > 0 && { allowNonDeterministic: true }),
      generators: entries,
      templates,
      ...convertPolicy(fieldAt(spec, 'syncPolicy', 'applicationsSync'), conversion),
    },
  };
}

/** What a file holds cannot be told from what another generator beside it gives. */
function joinParameters(
  given: readonly Children[],
  spec: Field | undefined,
  conversion: Conversion,
): Parameters {
  const files = given.filter(({ file }) => file !== undefined);
  if (files.length > 0 && given.length > files.length)
    conversion.lose(
      fieldAt(spec, 'generators'),
      'git files stand beside other generators: make two sets, since the templates find their values in different places',
    );
  return {
    names: new Set(given.flatMap(({ names }) => names)),
    paths: new Set(given.flatMap(({ paths = [] }) => paths)),
    file: files[0]?.file,
  };
}

/** Templates that read all parameters at once read more here. */
function reportWhole(field: Field, given: readonly Children[], conversion: Conversion): void {
  const inner = given.flatMap(({ inner = [] }) => inner);
  if (inner.length > 0)
    conversion.differ(
      field,
      `it reads all parameters as one, which here hold ${inner.join(', ')} too, with all that the generator read: name the parameters that are meant`,
    );
}

/** With it an Application takes what it has deployed along when it is deleted. */
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** The Application itself; its fields stand below those that every object has. */
function convertTemplate(
  template: Field | undefined,
  { conversion, rewrite, isPreserved }: TemplateOptions,
): JsonObject {
  const carried = isObjectField(template) ? conversion.carry(template, rewrite) : {};
  const { metadata = {}, spec = {}, ...others } = isObject(carried) ? carried : {};
  if (isObject(metadata)) {
    delete metadata['namespace'];
    const own = metadata['finalizers'];
    const hasNone = own === undefined || (Array.isArray(own) && own.length === 0);
    if (!isPreserved && hasNone) metadata['finalizers'] = [FINALIZER];
  }
  conversion.leaveOut(
    fieldAt(template, 'metadata', 'namespace'),
    'Applications are in the namespace of the set, whatever it says',
  );
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec, ...others };
}

const POLICIES = ['create-only', 'create-update', 'create-delete', 'sync'];

/** Where Applications are never deleted, they outlive the set, too. */
function convertPolicy(sync: Field | undefined, conversion: Conversion): JsonObject {
  const word = textOf(sync);
  if (word === undefined || !POLICIES.includes(word)) conversion.lose(sync, 'it is no policy that is known');
  else if (word === 'create-only' || word === 'create-delete')
    conversion.lose(
      sync,
      'Applications are updated, too: annotate them generatorset.dev/ssa: IfNotPresent to leave them as they are',
    );
  else conversion.use(sync);
  return word === 'create-only' || word === 'create-update'
    ? { target: { apply: { prune: false } }, deletionPolicy: 'Orphan' }
    : {};
}

/** Fields that nothing here is like. */
const LOST: readonly (readonly [field: string, message: string])[] = [
  ['templatePatch', 'write what it patches into the template; {{ if }} works in a text template'],
  ['strategy', 'Applications are applied together; their order is that of their sync waves'],
  [
    'preservedFields',
    'fields that others set stay as they are, with server-side apply; those that the template sets do not',
  ],
  [
    'ignoreApplicationDifferences',
    'leave the fields out of the template: what it does not set is not touched',
  ],
];

function reportOptions(spec: Field | undefined, isGo: boolean, conversion: Conversion): void {
  for (const [name, message] of LOST) conversion.lose(fieldAt(spec, name), message);
  conversion.leaveOut(
    fieldAt(spec, 'applyNestedSelectors'),
    'selectors of generators are reported themselves',
  );
  const options = fieldAt(spec, 'goTemplateOptions');
  const isStrict = fieldsOf(options).some(({ value }) => value === 'missingkey=error');
  if (!isGo) conversion.leaveOut(options, 'without goTemplate it means nothing');
  else conversion.use(options);
  const template = fieldAt(spec, 'template');
  if (isGo && !isStrict)
    conversion.differ(template, 'a key that is missing is an error, rather than <no value>');
  if (isGo && callsSlugify(template))
    conversion.differ(template, 'slugify keeps letters under their accents: Zürich is zurich, not z-rich');
  if (
    readsField(template, 'author', DELIMITERS) ||
    /\{\{\s*author\s*\}\}/.test(JSON.stringify(template?.value ?? ''))
  )
    conversion.differ(
      template,
      'the author of a pull request is not known: its templates fail, unless another generator gives it',
    );
}

function callsSlugify(template: Field | undefined): boolean {
  return tokensBelow(template, DELIMITERS).some(
    ({ type, text }) => type === 'identifier' && text === 'slugify',
  );
}
