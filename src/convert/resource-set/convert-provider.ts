import { holdsText } from '../../lib/holds-text.ts';
import { isObject, type JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { type Entry, listOf, nameEntry } from '../entry.ts';
import { type Field, fieldAt, fieldsOf, keyOf, textOf } from '../field.ts';
import { globOf, serverField, splitRepository } from '../pull-requests.ts';
import { PREFIX } from './prefix.ts';
import { describeProvider, type InputOptions } from './provider.ts';

interface ProviderOptions extends InputOptions {
  /** The field that the inputs stand below; undefined: they are the element. */
  readonly under: string | undefined;
}

/** The types of provider that ask for pull requests, and what the server is. */
const DRIVERS: ReadonlyMap<string, string> = new Map([
  ['GitHubPullRequest', 'github'],
  ['GitLabMergeRequest', 'gitlab'],
  ['GiteaPullRequest', 'gitea'],
]);

const DEFAULT_INTERVAL = '10m';

/** What gives the inputs of a provider: entries to be combined with each other, none where nothing here gives them. */
export function convertProvider(root: Field, options: ProviderOptions): Entry[] {
  const { conversion } = options;
  const spec = fieldAt(root, 'spec');
  const type = fieldAt(spec, 'type');
  for (const key of ['apiVersion', 'kind']) conversion.use(fieldAt(root, key));
  const driver = DRIVERS.get(textOf(type) ?? '');
  const entries = driver
    ? convertPullRequests(root, driver, options)
    : type?.value === 'Static'
      ? convertStatic(root, options)
      : type?.value === 'ExternalService'
        ? convertService(root, options)
        : undefined;
  if (entries === undefined) {
    conversion.lose(root, adviceFor(textOf(type) ?? ''));
    return [];
  }
  conversion.use(type);
  finishProvider(root, conversion);
  return entries;
}

function adviceFor(type: string): string {
  const what = `nothing here gives what a provider of type ${JSON.stringify(type.slice(0, 60))} gives`;
  if (type.endsWith('ArtifactTag'))
    return `${what}; an ImagePolicy of Flux and the imagePolicy generator do much the same`;
  if (type === 'ExternalArtifact') return `${what}; the object generator reads ExternalArtifacts`;
  return `${what}; the apiClient generator can ask the server's API`;
}

/** What all types have, and what has no place. */
function finishProvider(root: Field, conversion: Conversion): void {
  const spec = fieldAt(root, 'spec');
  const metadata = fieldAt(root, 'metadata');
  for (const key of ['name', 'namespace']) conversion.text(fieldAt(metadata, key));
  for (const annotation of fieldsOf(fieldAt(metadata, 'annotations')))
    finishAnnotation(annotation, conversion);
  const gone = 'the provider is a generator of the set, and no object';
  for (const field of [...fieldsOf(metadata), fieldAt(root, 'status')]) {
    if (field && !['name', 'namespace', 'annotations'].includes(keyOf(field)))
      conversion.leaveOut(field, gone);
  }
  conversion.lose(fieldAt(spec, 'schedule'), 'a schedule is that of a whole set: see spec.schedule');
  conversion.lose(
    fieldAt(spec, 'serviceAccountName'),
    'generators ask with the secrets that they name, and read with the account of the set',
  );
}

function finishAnnotation(annotation: Field, conversion: Conversion): void {
  if (keyOf(annotation) === `${PREFIX}reconcileEvery`) conversion.text(annotation);
  else if (keyOf(annotation).startsWith(PREFIX))
    conversion.lose(annotation, 'there is nothing like it for one generator');
  else conversion.leaveOut(annotation, 'the provider is a generator of the set, and no object');
}

function convertStatic(root: Field, { conversion, under, used, hasProvider }: ProviderOptions): Entry[] {
  const values = fieldAt(root, 'spec', 'defaultValues');
  const element = values ? conversion.carry(values) : {};
  if (!isObject(element)) return [];
  const hasId = Object.hasOwn(element, 'id');
  if (!hasId && (used.has('id') || used.has('*')))
    conversion.lose(
      fieldAt(root, 'spec', 'type'),
      "inputs.id was made of the provider's UID: write an id into the element",
    );
  if (hasProvider) element['provider'] = describeProvider(root);
  return [nameEntry(under, listOf(element))];
}

/** The pull requests, and a list that gives their fields the names that the templates know. */
function convertPullRequests(root: Field, driver: string, options: ProviderOptions): Entry[] {
  const { conversion, under } = options;
  const spec = fieldAt(root, 'spec');
  const url = fieldAt(spec, 'url');
  const repository = splitRepository(textOf(url) ?? '');
  if (repository) conversion.use(url);
  else conversion.lose(url, 'it must be https://server/owner/name, without user and query');
  const pullRequests: JsonObject = {
    interval: convertInterval(root, conversion),
    driver,
    ...(repository && serverField(driver, repository.serverURL)),
    repo: repository?.repo ?? '',
  };
  if (url) conversion.origins.noteKey(pullRequests, 'repo', url);
  for (const key of ['secretRef', 'certSecretRef']) conversion.put(pullRequests, key, fieldAt(spec, key));
  conversion.leaveOut(fieldAt(spec, 'insecure'), 'https is always used');
  convertFilter(fieldAt(spec, 'filter'), pullRequests, conversion);
  conversion.lose(fieldAt(spec, 'skip'), 'pull requests cannot be skipped by their labels');
  conversion.differ(
    fieldAt(spec, 'type'),
    'pull requests from forks are left out, unless pullRequests.forks is true',
  );
  const name = under ?? 'fromPullRequest';
  return [{ name, pullRequests }, listOf(nameFields(root, name, options))];
}

function nameFields(root: Field, name: string, options: ProviderOptions): JsonObject {
  const { conversion, used, under, hasProvider } = options;
  const at = (field: string) => `<< .Element.${name}.${field} >>`;
  if (used.has('author') || used.has('*'))
    conversion.lose(
      fieldAt(root, 'spec', 'type'),
      'inputs.author: the author of a pull request is not known',
    );
  const values = {
    ...defaultValues(root, conversion),
    ...(hasProvider && { provider: describeProvider(root) }),
    id: at('Number'),
    sha: at('HeadSHA'),
    branch: at('Branch'),
    title: at('Title'),
  };
  return under === undefined ? values : { [under]: values };
}

/** They are rendered as templates there, so none may look like one. */
function defaultValues(root: Field, conversion: Conversion): JsonObject {
  const field = fieldAt(root, 'spec', 'defaultValues');
  if (field === undefined) return {};
  if (holdsText(field.value, '<<')) {
    conversion.lose(field, 'a value with << would be a template here');
    return {};
  }
  const values = conversion.carry(field);
  return isObject(values) ? values : {};
}

function convertFilter(filter: Field | undefined, pullRequests: JsonObject, conversion: Conversion): void {
  conversion.put(pullRequests, 'labels', fieldAt(filter, 'labels'));
  const include = fieldAt(filter, 'includeBranch');
  const glob = globOf(textOf(include) ?? '');
  if (include && glob !== undefined) conversion.set(pullRequests, 'branches', [glob], include);
  else conversion.lose(include, 'branches are chosen by globs here: write pullRequests.branches');
  conversion.lose(fieldAt(filter, 'excludeBranch'), 'there are no excludes: write pullRequests.branches');
  conversion.lose(fieldAt(filter, 'limit'), 'all pull requests are taken, up to 10,000');
  for (const field of fieldsOf(filter)) {
    if (!['labels', 'includeBranch', 'excludeBranch', 'limit'].includes(keyOf(field)))
      conversion.lose(field, 'pull requests are not filtered by it');
  }
}

/** An HTTP API whose answer has the inputs under that name. */
function convertService(root: Field, options: ProviderOptions): Entry[] {
  const { conversion, under, hasProvider } = options;
  const spec = fieldAt(root, 'spec');
  const apiClient: JsonObject = { interval: convertInterval(root, conversion) };
  conversion.put(apiClient, 'endpoint', fieldAt(spec, 'url'));
  apiClient['jsonPath'] = '{.inputs}';
  conversion.put(apiClient, 'certSecretRef', fieldAt(spec, 'certSecretRef'));
  conversion.lose(
    fieldAt(spec, 'secretRef'),
    'make a Secret with the whole header under the key Authorization, and name it in apiClient.headersRef',
  );
  conversion.leaveOut(fieldAt(spec, 'insecure'), 'the endpoint says whether it is http or https');
  for (const field of fieldsOf(fieldAt(spec, 'filter')))
    conversion.lose(field, 'the answer is taken as it is');
  const defaults: JsonObject = {
    ...defaultValues(root, conversion),
    ...(hasProvider && { provider: describeProvider(root) }),
  };
  const asked = nameEntry(under, { apiClient });
  return Object.keys(defaults).length === 0 ? [asked] : [nameEntry(under, listOf(defaults)), asked];
}

function convertInterval(root: Field, conversion: Conversion): string {
  const field = fieldAt(root, 'metadata', 'annotations', `${PREFIX}reconcileEvery`);
  return conversion.text(field) ?? DEFAULT_INTERVAL;
}
