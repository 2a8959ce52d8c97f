import { ErrorList, StalledError } from '../api/errors.ts';
import { readYaml } from '../api/read-yaml.ts';
import { VALIDATION_FAILED } from '../api/reasons.ts';
import { showLine } from '../api/show-line.ts';
import { formatPosition, type Path } from '../api/source.ts';
import type { ValidateSet } from '../api/validate-set.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import { escapeText } from '../lib/escape-text.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { YamlDocument } from '../lib/yaml.ts';
import { checkTemplates } from '../render/check-templates.ts';
import type { Conversion } from './conversion.ts';
import { type ConvertOptions, convertObject, expectedGroups, kindOf } from './convert-object.ts';
import { type Field, fieldAt, textOf } from './field.ts';
import { originSource } from './origins.ts';
import { formatFinding, formatReport, type Report } from './report.ts';
import { headComment, writeSet } from './write-set.ts';

/** The text of a file, and the name that messages show. */
export interface InputFile {
  readonly name: string;
  readonly text: string;
}

/** A set that was made of another tool's. */
export interface ConvertedSet {
  readonly name: string;
  readonly namespace: string | undefined;
  /** What it was, such as `GitOpsSet`. */
  readonly from: string;
  readonly value: JsonObject;
  /** The set as YAML, without a `---`. */
  readonly yaml: string;
  /** Everything that is not as it was, in the order of the file. */
  readonly reports: readonly Report[];
}

/** What files hold: sets that could be made, what is left over, and an error for each that could not. */
export interface ConvertedFiles {
  readonly sets: readonly ConvertedSet[];
  /** Of objects that are in no set. */
  readonly reports: readonly Report[];
  readonly errors: readonly Error[];
}

/** How files are converted. */
export interface ConvertFilesOptions extends Pick<ConvertOptions, 'to'> {
  readonly validate: ValidateSet;
}

/** An object of an input, and the document that it stands in. */
interface Opened {
  readonly field: Field;
  readonly yaml: YamlDocument;
  readonly root: Path;
}

const LIMITS = { maxLength: 4 * 1024 * 1024, maxDocuments: 1000, maxNodes: 200_000 };
/** Lines about one set that stand in its file, and bytes of each. */
const MAX_NOTED = 100;
const MAX_NOTE = 600;

const PROVIDER = 'ResourceSetInputProvider';

/**
 * Makes GeneratorSets of the GitOpsSets, ResourceSets and ApplicationSets in files; ResourceSetInputProviders are used
 * where a ResourceSet names them. Every set is one that `validate` accepts. A mistake in one does not keep the others.
 */
export function convertSets(files: readonly InputFile[], options: ConvertFilesOptions): ConvertedFiles {
  const errors: Error[] = [];
  const opened = files.flatMap((file) => openFile(file, errors));
  const providers = opened.filter(({ field }) => kindOf(field) === PROVIDER).map(({ field }) => field);
  const sets: ConvertedSet[] = [];
  const reports: Report[] = [];
  const unused = new Set(providers);
  for (const one of opened) {
    if (kindOf(one.field) === PROVIDER) continue;
    try {
      const set = convertOne(one, { ...options, opened, providers, unused });
      if (set) sets.push(set);
      else reports.push(passedOver(one.field));
    } catch (error) {
      if (!(error instanceof StalledError)) throw error;
      errors.push(error);
    }
  }
  reports.push(...[...unused].map(leftOver));
  return { sets, reports, errors };
}

function openFile({ name, text }: InputFile, errors: Error[]): Opened[] {
  const read = readYaml(text, LIMITS);
  if ('documents' in read)
    return read.documents.flatMap((yaml) =>
      objectsOf(yaml.value).map(({ value, path: root }) => {
        const source = createYamlSource(name, text, { yaml, root });
        return { field: { value, source, path: [] }, yaml, root };
      }),
    );
  for (const { line, column, reason, text: shown, cause } of read.mistakes) {
    const place = formatPosition({ file: name, line, column });
    errors.push(
      new StalledError(VALIDATION_FAILED, `${place}: ${reason}${showLine(shown, column)}`, { cause }),
    );
  }
  return [];
}

/** The document, or the items of a list of objects. */
function objectsOf(value: JsonValue): { value: JsonValue; path: Path }[] {
  const items = isObject(value) ? ownValue(value, 'items') : undefined;
  const kind = isObject(value) ? ownValue(value, 'kind') : undefined;
  if (!Array.isArray(items) || !String(kind).endsWith('List')) return [{ value, path: [] }];
  return items.map((item, index) => ({ value: item, path: ['items', index] }));
}

interface World extends ConvertFilesOptions {
  readonly opened: readonly Opened[];
  readonly providers: readonly Field[];
  /** Providers that no set has named yet. */
  readonly unused: Set<Field>;
}

function convertOne({ field, yaml, root }: Opened, world: World): ConvertedSet | undefined {
  const converted = convertObject(field, world);
  if (converted === undefined) return undefined;
  const { value, conversion } = converted;
  for (const provider of world.providers) if (conversion.hasUsed(provider)) world.unused.delete(provider);
  check(value, field, conversion, world.validate);
  const { origins } = conversion;
  const documentOf = ({ source }: Field) => world.opened.find((one) => one.field.source === source);
  const reports = sortReports(conversion.reports, field);
  const from = kindOf(field);
  const text = writeSet(value, { origins, documentOf });
  return {
    name: String(fieldAt(field, 'metadata', 'name')?.value),
    namespace: textOf(fieldAt(field, 'metadata', 'namespace')),
    from,
    value,
    yaml: `${root.length === 0 ? headComment(yaml) : ''}${noteReports(from, reports)}${text}`,
    reports,
  };
}

/** What is made is a set that can be used; what is wrong with it is told at the place that it comes from. */
function check(value: JsonObject, field: Field, conversion: Conversion, validate: ValidateSet): void {
  const generators = ownValue(value['spec'] as JsonObject, 'generators');
  if (Array.isArray(generators) && generators.length === 0) throw nothingLeft(field, conversion);
  const source = originSource(value, conversion.origins, field);
  checkTemplates({ set: validate(value, source), source });
}

function nothingLeft(field: Field, { reports }: Conversion): Error {
  const first = fieldAt(field, 'spec', 'generators') ?? fieldAt(field, 'spec', 'inputsFrom') ?? field;
  const place = formatPosition(first.source.locate(first.path));
  const lines = reports.filter(({ outcome }) => outcome === 'lost').map(formatReport);
  return new ErrorList(
    VALIDATION_FAILED,
    [`${place}: no generator is left, so there is no set`, ...lines].map(
      (line) => new StalledError(VALIDATION_FAILED, line),
    ),
  );
}

/** In the order of the file; what comes from another file last. */
function sortReports(reports: readonly Report[], { source: own }: Field): Report[] {
  const placed = reports.map((report) => ({ report, ...report.source.locateKey(report.path) }));
  placed.sort(
    (a, b) =>
      Number(a.report.source !== own) - Number(b.report.source !== own) ||
      a.line - b.line ||
      a.column - b.column,
  );
  return placed.map(({ report }) => report);
}

/** Whoever reviews the set reads in it what to look at. */
function noteReports(from: string, reports: readonly Report[]): string {
  const told = reports.filter(({ outcome }) => outcome !== 'left out');
  const lines = told.slice(0, MAX_NOTED).map((report) => `- ${escapeText(formatFinding(report), MAX_NOTE)}`);
  if (told.length > MAX_NOTED) lines.push(`- and ${told.length - MAX_NOTED} more`);
  const title = `Converted from ${/^[AEIOU]/.test(from) ? 'an' : 'a'} ${from}.${lines.length > 0 ? ' What is not as it was:' : ''}`;
  return [title, ...lines].map((line) => `# ${line}\n`).join('');
}

function passedOver(field: Field): Report {
  const groups = expectedGroups(field);
  const message = groups
    ? `its apiVersion is of another group than that of ${kindOf(field)}s: ${groups.join(' or ')}`
    : 'only GitOpsSets, ResourceSets with their input providers, and ApplicationSets are converted';
  return { outcome: 'left out', source: field.source, path: [], message };
}

function leftOver(field: Field): Report {
  const message = 'no ResourceSet that was given names this provider';
  return { outcome: 'lost', source: field.source, path: [], message };
}
