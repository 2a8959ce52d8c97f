import { isObject, type JsonObject } from '../../lib/json.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import type { CommandContext } from '../command-context.ts';
import type { DataFormat } from '../format-data.ts';
import type { OutputStream } from '../streams.ts';
import { GrowingTable } from '../table.ts';
import { followCollection } from './follow-collection.ts';
import { formatValue, isDataFormat, toDocument } from './output-format.ts';
import { setHeaders, setRow } from './set-row.ts';
import { viewSet } from './set-view.ts';
import { matchesStatus, parseStatusSelector } from './status-selector.ts';
import {
  listStoredSets,
  MissingSetError,
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
  readonly output?: 'wide' | DataFormat;
}

/** `get`, with the names that were given. */
export interface GetRequest extends GetOptions {
  readonly names: readonly string[];
}

/**
 * Prints sets as a table, or as they are; with `watch`, each again whenever it changes. Names that no set has are said
 * after those that some have, and the exit code is 1.
 */
export async function showSets(
  session: ClusterSession,
  request: GetRequest,
  context: CommandContext,
): Promise<void> {
  if (request.labelSelector !== undefined && request.names.length > 0) {
    throw new Error('names and --label-selector exclude each other');
  }
  const { output } = request;
  const { stdout } = context.streams;
  return isDataFormat(output)
    ? show(session, request, createDataWriter(stdout, { ...request, output }), context)
    : show(session, request, createTableWriter(stdout, request), context);
}

/** What prints sets, of which it keeps only what it prints. */
interface SetWriter<Item> {
  take(set: JsonObject): Item;
  write(items: readonly Item[]): void;
  /** It also prints that there are none. */
  readonly printsNone: boolean;
}

async function show<Item>(
  session: ClusterSession,
  request: GetRequest,
  writer: SetWriter<Item>,
  { setExitCode }: Pick<CommandContext, 'setExitCode'>,
): Promise<void> {
  const isWanted = createFilter(request);
  const take = (set: JsonObject): Item | undefined => (isWanted(set) ? writer.take(set) : undefined);
  if (request.watch) return watchSets(session, request, { take, writer });
  const { found, missing } = await findSets(session, request, take);
  const items = found.filter((item) => item !== undefined);
  const isAllMissing = found.length === 0 && missing.length > 0;
  if (items.length > 0 || (writer.printsNone && !isAllMissing)) writer.write(items);
  else if (!isAllMissing) session.printer.failure(nothingFound(request, found.length));
  for (const { message } of missing) session.printer.failure(message);
  if (missing.length > 0) setExitCode(1);
}

/** What is taken of the sets that are meant, each once, and an error for each name that none has. */
async function findSets<Item>(
  session: ClusterSession,
  request: GetRequest,
  take: (set: JsonObject) => Item,
): Promise<{ found: Item[]; missing: Error[] }> {
  const selection = selectionOf(request);
  const names = [...new Set(request.names)];
  if (names.length === 0) return { found: await listStoredSets(session, selection, take), missing: [] };
  const found: Item[] = [];
  const missing: Error[] = [];
  for (const name of names) {
    try {
      found.push(...(await findNamed(session, { ...selection, name }, take)));
    } catch (error) {
      if (!(error instanceof MissingSetError)) throw error;
      missing.push(error);
    }
  }
  return { found, missing };
}

/** One in its namespace; where all are meant, those of the name in any. */
async function findNamed<Item>(
  session: ClusterSession,
  selection: SetSelection & { name: string },
  take: (set: JsonObject) => Item,
): Promise<Item[]> {
  if (selection.namespace !== '') return [take(await readSet(session, selection))];
  const sets = await listStoredSets(session, selection, take);
  if (sets.length === 0) throw await missingSet(session, selection);
  return sets;
}

/** Rows of names that come later are shown, too. */
async function watchSets<Item>(
  session: ClusterSession,
  request: GetRequest,
  { take, writer }: { take: (set: JsonObject) => Item | undefined; writer: SetWriter<Item> },
): Promise<void> {
  const selection = selectionOf(request);
  const [name] = request.names.length === 1 ? request.names : [];
  if (request.names.length > 1) throw new Error('--watch follows one set, or all of them');
  const named = { ...selection, ...(name !== undefined && { name }) };
  const gone = request.labelSelector === undefined ? 'is deleted' : 'is deleted, or has other labels now';
  await followCollection(session, {
    path: setsPath(named),
    query: selectionQuery(named),
    take: (set) => ({ name: describe(set), item: take(set) }),
    first: (sets) => writer.write(sets.map(({ item }) => item).filter((item) => item !== undefined)),
    changed: (after, before) => {
      if (after?.item !== undefined) writer.write([after.item]);
      if (!after && before) session.printer.action(`${before.name} ${gone}`);
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

/** One document; with `watch`, one for each set whenever it changes. */
function createDataWriter(
  stdout: OutputStream,
  { output, names, watch = false }: GetRequest & { readonly output: DataFormat },
): SetWriter<JsonObject> {
  const isOne = names.length === 1 || watch;
  const toText = (sets: readonly JsonObject[]) => formatValue(toDocument(sets, { isOne }), output);
  const each = (set: JsonObject) => `${output === 'yaml' ? '---\n' : ''}${toText([set])}`;
  return {
    take: (set) => set,
    write: (sets) => void stdout.write(watch ? sets.map(each).join('') : toText(sets)),
    printsNone: true,
  };
}

/** A table that grows. */
function createTableWriter(
  stdout: OutputStream,
  { output, allNamespaces = false, header }: GetRequest,
): SetWriter<readonly string[]> {
  const columns = { allNamespaces, wide: output === 'wide' };
  const table = new GrowingTable(setHeaders(columns), { noHeader: !header });
  return {
    take: (set) => setRow(viewSet(set), columns, new Date()),
    write: (rows) => void stdout.write(table.add(rows)),
    printsNone: false,
  };
}

function nothingFound({ allNamespaces, namespace }: GetRequest, others: number): string {
  const where = allNamespaces ? 'any namespace' : `namespace ${namespace}`;
  if (others > 0) return `no GeneratorSet in ${where} is as selected; others: ${others}`;
  return `no GeneratorSet in ${where}${allNamespaces ? '' : '; -A looks in all'}`;
}
