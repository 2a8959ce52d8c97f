import { PLAN_HELD } from '../../api/reasons.ts';
import { ageOf } from './human-duration.ts';
import type { SetView } from './set-view.ts';

/** Which columns `get` shows. */
export interface RowOptions {
  /** NAMESPACE comes first. */
  readonly allNamespaces: boolean;
  /** ELEMENTS, HELD and LAST CHANGE come before the message, which is long. */
  readonly wide: boolean;
}

/** The columns of `get`, in Flux's order. */
export function setHeaders({ allNamespaces, wide }: RowOptions): string[] {
  return [
    ...(allNamespaces ? ['namespace'] : []),
    ...['name', 'revision', 'suspended', 'ready'],
    ...(wide ? ['elements', 'held', 'last change'] : []),
    'message',
  ];
}

/** A set as a row of `get`. */
export function setRow(view: SetView, { allNamespaces, wide }: RowOptions, now: Date): string[] {
  const { metadata, status } = view;
  return [
    ...(allNamespaces ? [metadata.namespace] : []),
    ...[metadata.name, shortRevision(status.lastAppliedRevision), view.isSuspended ? 'True' : 'False'],
    view.ready?.status ?? 'False',
    ...(wide ? [String(status.elements ?? ''), describeHeldCount(view), lastChange(view, now)] : []),
    describeReady(view),
  ];
}

/** The message of Ready; one about a held plan says what that would do, not that it is held. */
function describeReady({ ready }: SetView): string {
  if (!ready) return 'waiting for the first pass';
  return ready.reason === PLAN_HELD ? `held: ${ready.message}` : ready.message;
}

/** What waits for people: the whole plan, some tuned values, or elements that cannot be used now. */
function describeHeldCount({ status }: SetView): string {
  const elements = (status.elementStates ?? []).filter(({ phase }) => phase === 'Held').length;
  const parts = [
    ...(status.held ? [describeHold(status.held.changes?.length)] : []),
    ...(elements > 0 ? [count(elements, 'element')] : []),
  ];
  return parts.join(', ');
}

/** A hold of tuned values lists them; one of the whole plan has none. */
function describeHold(changes: number | undefined): string {
  return changes === undefined ? 'plan' : count(changes, 'change');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function lastChange({ status }: SetView, now: Date): string {
  const [last] = status.history ?? [];
  return last ? ageOf(last.lastReconciled, now) : '';
}

/** A table shows as much of a hash as people compare, which is what Flux shows, too. */
function shortRevision(revision = ''): string {
  return revision.replace(/\b([0-9a-f]{8})(?:[0-9a-f]{32}|[0-9a-f]{56})\b/g, '$1');
}
