import { isObject, type JsonObject } from '../../lib/json.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import type { CommandContext } from '../command-context.ts';
import { GrowingTable } from '../table.ts';
import { followCollection } from './follow-collection.ts';
import { checkFormat, formatValue, toDocument } from './output-format.ts';
import { setHeaders, setRow } from './set-row.ts';
import { viewSet } from './set-view.ts';
import { matchesStatus, parseStatusSelector } from './status-selector.ts';
import {
  listStoredSets,
  missingSet,
  readSet,
  type SetSelection,
  selectionQuery,
  setsPath,
} from './stored-sets.ts';

/** The options of `get`. */
export interface GetOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly labelSelector?: string;
  readonly statusSelector?: string;
  readonly watch?: boolean;
  readonly header: boolean;
  readonly output?: string;
}

/** `get`, with the names that were given. */
export interface GetRequest extends GetOptions {
  readonly names: readonly string[];
}

/** Prints sets as a table, or as they are; with `watch`, each again whenever it changes. Throws for a name that no set has. */
export async function showSets(
  session: ClusterSession,
  request: GetRequest,
  context: CommandContext,
): Promise<void> {
  checkFormat(request.output, ['wide', 'json', 'yaml']);
  if (request.labelSelector !== undefined && request.names.length > 0) {
    throw new Error('names and --label-selector exclude each other');
  }
  const isWanted = createFilter(request);
  const write = createWriter(request, context);
  if (request.watch) return watchSets(session, request, { isWanted, write });
  const found = await findSets(session, request);
  const sets = found.filter(isWanted);
  if (sets.length > 0 || isData(request.output)) write(sets);
  else session.printer.failure(nothingFound(request, found.length));
}

/** The sets that are meant, each once. */
async function findSets(session: ClusterSession, request: GetRequest): Promise<JsonObject[]> {
  const selection = selectionOf(request);
  const names = [...new Set(request.names)];
  if (names.length === 0) return listStoredSets(session, selection);
  const found: JsonObject[] = [];
  for (const name of names) found.push(...(await findNamed(session, { ...selection, name })));
  return found;
}

/** One in its namespace; where all are meant, those of the name in any. */
async function findNamed(
  session: ClusterSession,
  selection: SetSelection & { name: string },
): Promise<JsonObject[]> {
  if (selection.namespace !== '') return [await readSet(session, selection)];
  const sets = await listStoredSets(session, selection);
  if (sets.length === 0) throw await missingSet(session, selection);
  return sets;
}

/** Rows of names that come later are shown, too. */
async function watchSets(
  session: ClusterSession,
  request: GetRequest,
  { isWanted, write }: { isWanted: (set: JsonObject) => boolean; write: (sets: JsonObject[]) => void },
): Promise<void> {
  const selection = selectionOf(request);
  const [name] = request.names.length === 1 ? request.names : [];
  if (request.names.length > 1) throw new Error('--watch follows one set, or all of them');
  const named = { ...selection, ...(name !== undefined && { name }) };
  await followCollection(session, {
    path: setsPath(named),
    query: selectionQuery(named),
    first: (sets) => write(sets.filter(isWanted)),
    changed: (after, before) => {
      if (after && isWanted(after)) write([after]);
      if (!after && before) session.printer.action(`${describe(before)} is deleted`);
    },
  });
}

function describe(set: JsonObject): string {
  const { namespace, name } = viewSet(set).metadata;
  return `GeneratorSet ${namespace}/${name}`;
}

function selectionOf({ allNamespaces, namespace, labelSelector }: GetRequest): SetSelection {
  return {
    namespace: allNamespaces ? '' : namespace,
    ...(labelSelector !== undefined && { labelSelector }),
  };
}

function createFilter({ statusSelector }: GetRequest): (set: JsonObject) => boolean {
  if (statusSelector === undefined) return isObject;
  const selector = parseStatusSelector(statusSelector);
  return (set) => matchesStatus(viewSet(set), selector);
}

/** What prints sets: a table that grows, or documents of which a watch gives one for each change. */
function createWriter(
  { output, allNamespaces = false, header, names, watch = false }: GetRequest,
  { streams: { stdout } }: CommandContext,
): (sets: JsonObject[]) => void {
  if (isData(output)) {
    const isOne = names.length === 1 || watch;
    const toText = (sets: JsonObject[]) => formatValue(toDocument(sets, { isOne }), output);
    const each = (set: JsonObject) => `${output === 'yaml' ? '---\n' : ''}${toText([set])}`;
    return (sets) => void stdout.write(watch ? sets.map(each).join('') : toText(sets));
  }
  const columns = { allNamespaces, wide: output === 'wide' };
  const table = new GrowingTable(setHeaders(columns), { noHeader: !header });
  return (sets) => {
    const rows = sets.map((set) => setRow(viewSet(set), columns, new Date()));
    stdout.write(table.add(rows));
  };
}

function isData(output: string | undefined): output is 'json' | 'yaml' {
  return output === 'json' || output === 'yaml';
}

function nothingFound({ allNamespaces, namespace }: GetRequest, others: number): string {
  const where = allNamespaces ? 'any namespace' : `namespace ${namespace}`;
  if (others > 0) return `no GeneratorSet in ${where} is as selected; others: ${others}`;
  return `no GeneratorSet in ${where}${allNamespaces ? '' : '; -A looks in all'}`;
}
