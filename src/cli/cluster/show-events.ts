import { KIND } from '../../api/generatorset-schema.ts';
import { NAME_PATTERN } from '../../api/patterns.ts';
import { listPages } from '../../clients/cluster/list-pages.ts';
import { collectionPath } from '../../clients/cluster/paths.ts';
import type { JsonObject } from '../../lib/json.ts';
import { EVENT } from '../../status/kinds.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import type { CommandContext } from '../command-context.ts';
import { GrowingTable } from '../table.ts';
import { eventHeaders, eventRow, eventTime } from './event-row.ts';
import { followCollection } from './follow-collection.ts';
import { PAGE_SIZE, readSet } from './stored-sets.ts';

/** The options of `events`. */
export interface EventsOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly for?: string;
  readonly types?: readonly string[];
  readonly watch?: boolean;
  readonly header: boolean;
}

const NAME = new RegExp(NAME_PATTERN);

/** Prints the events of sets, the newest last; with `watch`, each that comes from then on, and each that is counted up. */
export async function showEvents(
  session: ClusterSession,
  options: EventsOptions,
  { streams: { stdout } }: CommandContext,
): Promise<void> {
  const { allNamespaces = false, namespace, header } = options;
  const name = parseFor(options.for);
  const isWanted = createFilter(options.types);
  const path = collectionPath(EVENT, allNamespaces ? '' : namespace);
  const query = { fieldSelector: selectorOf(name) };
  const table = new GrowingTable(eventHeaders(allNamespaces), { noHeader: !header });
  const write = (events: readonly JsonObject[]) => {
    const wanted = events.filter(isWanted).sort(byTime);
    if (wanted.length === 0) return false;
    stdout.write(table.add(wanted.map((event) => eventRow(event, allNamespaces, new Date()))));
    return true;
  };
  if (options.watch) {
    const take = (event: JsonObject) => event;
    const changed = (event: JsonObject | undefined) => void (event && write([event]));
    return followCollection(session, { path, query, take, first: write, changed });
  }
  const { client, signal } = session;
  const listing = { client, path, query, accept: 'application/json', pageSize: PAGE_SIZE };
  const { items } = await listPages(listing, (event) => event, signal);
  if (write(items)) return;
  // A set that is gone may have events still; one that has none may be mistyped.
  if (name !== undefined && !allNamespaces) await readSet(session, { namespace, name });
  session.printer.failure(nothingFound(options));
}

/** The name in `GeneratorSet/podinfo`; undefined: those of all sets. Throws for other kinds, which have no events here. */
function parseFor(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, kind = '', , name] = /^([^/]*)(\/(.+))?$/s.exec(text) ?? [];
  const isKind = ['generatorset', 'generatorsets', 'gset'].includes(kind.toLowerCase());
  if (!isKind || (name !== undefined && !NAME.test(name))) {
    throw new Error(`--for takes ${KIND}, or ${KIND} and a name with a slash between them`);
  }
  return name;
}

function createFilter(types: readonly string[] | undefined): (event: JsonObject) => boolean {
  return ({ type }) => types === undefined || types.includes(String(type));
}

function selectorOf(name: string | undefined): string {
  const ofKind = `involvedObject.kind=${KIND}`;
  return name === undefined ? ofKind : `${ofKind},involvedObject.name=${name}`;
}

function byTime(one: JsonObject, other: JsonObject): number {
  return Date.parse(eventTime(one)) - Date.parse(eventTime(other)) || 0;
}

function nothingFound({ allNamespaces, namespace }: EventsOptions): string {
  return allNamespaces
    ? 'no events; the API server keeps them for an hour'
    : `no events in namespace ${namespace}; the API server keeps them for an hour`;
}
