import { WaitingError } from '../api/errors.ts';
import { ACCESS_DENIED, RECONCILIATION_FAILED } from '../api/reasons.ts';
import { ApiError, isConflict, isForbidden, isNotFound } from '../clients/cluster/api-error.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { DeliveryError } from '../plan/target.ts';
import type { Place } from './applied-objects.ts';
import type { DesiredObject } from './desired-object.ts';
import { cutText, textOf } from './object-fields.ts';
import { describeId } from './object-id.ts';

/** Lines of a message that lists failures. */
const MAX_LISTED = 50;
/** Fields that a conflict names. */
const MAX_FIELDS = 20;

/** Milliseconds until it is tried again, where time helps. A namespace takes a while to go. */
const KIND_MISSING = { reason: 'KindMissing', after: 5000 } as const;
const KIND_TERMINATING = { reason: 'KindTerminating', after: 5000 } as const;
const NAMESPACE_MISSING = { reason: 'NamespaceMissing', after: 5000 } as const;
const NAMESPACE_TERMINATING = { reason: 'NamespaceTerminating', after: 30_000 } as const;

/** How the API server's kinds say that a field stays as it is. */
const CANNOT_CHANGE =
  /immutable|updates to .* are forbidden|may not (?:be changed|change (?:fields|once set))|can ?not be unset|cannot change roleRef/i;

const HOW_TO_REPLACE =
  "(an object that carries the set's labels is replaced with spec.target.apply.force or annotation generatorset.dev/force: enabled)";

/** Why one object could not be applied or deleted. */
export interface Failure {
  readonly id: string;
  readonly reason: string;
  /** Something else must happen first. */
  readonly wait?: { readonly reason: string; readonly after: number };
  /** The account lacks a right. */
  readonly isForbidden?: boolean;
}

/** A field that another manager owns. */
export interface Conflict {
  readonly manager: string;
  readonly field: string;
  /** The manager applies its fields, too; others update them, as `kubectl edit` does. */
  readonly applies: boolean;
}

/** The cluster does not serve the kind of an object. */
export function kindMissing(id: string, apiVersion: string, kind: string): Failure {
  return {
    id,
    reason: `the cluster has no kind ${kind} in ${apiVersion}: install its CustomResourceDefinition`,
    wait: KIND_MISSING,
  };
}

/** The cluster is deleting the definition of a kind, and all objects of it. */
export function kindTerminating(id: string, { apiVersion, kind }: ApiKind): Failure {
  return {
    id,
    reason: `the kind ${kind} of ${apiVersion} is being deleted with all of its objects: remove it from the templates, or install its CustomResourceDefinition again`,
    wait: KIND_TERMINATING,
  };
}

/** Who asked, and for what. */
export interface Asked {
  /** Undefined: the controller itself. */
  readonly user: string | undefined;
  /** Whether values of a Secret may stand in the object, whatever its kind is. */
  readonly isSecret?: boolean;
}

/** Who asks for a desired object. */
export function askedFor({ file }: DesiredObject, { user }: Pick<Asked, 'user'>): Asked {
  return { user, isSecret: file.rendered.from.isSecret === true };
}

/** What a refused write means, in words that never hold values of a Secret. */
export function toFailure(place: Place, error: unknown, asked: Asked): Failure {
  const { id } = place;
  const isSecret = asked.isSecret || place.kind.kind === 'Secret';
  if (!(error instanceof ApiError)) return { id, reason: (error as Error).message };
  const words = serverWords(error);
  if (/being terminated/.test(words)) {
    const reason = `namespace ${place.namespace} is being terminated`;
    return { id, reason, wait: NAMESPACE_TERMINATING };
  }
  if (isNotFound(error)) return notFound(place, error);
  const conflicts = readConflicts(error);
  if (conflicts.length > 0)
    return { id, reason: describeConflicts(asked.isSecret ? conflicts.map(hideKeys) : conflicts) };
  if (isForbidden(error)) {
    const reason = describeForbidden(words, { ...asked, isSecret });
    return { id, reason, ...(isDenial(words) && { isForbidden: true }) };
  }
  const reason = isSecret ? describeCauses(error, asked) : cutText(words);
  return { id, reason: isImmutable(error) ? `${reason} ${HOW_TO_REPLACE}` : reason };
}

/** The first field that the server finds wrong, as it writes it: `spec.containers[0].image`; empty where it names none. */
export function refusedField(error: unknown): string {
  const fields = error instanceof ApiError ? causesOf(error).map((cause) => textOf(cause, 'field')) : [];
  return fields.find((field) => field !== '') ?? '';
}

/** The fields that other managers own, when a conflict is about these. */
export function readConflicts(error: unknown): Conflict[] {
  if (!isConflict(error)) return [];
  return causesOf(error)
    .filter((cause) => textOf(cause, 'reason') === 'FieldManagerConflict')
    .map((cause) => {
      const match = /^conflict with ("(?:[^"\\]|\\.)*")(.*)$/s.exec(textOf(cause, 'message'));
      const [, manager = '""', rest = ''] = match ?? [];
      return {
        manager: readText(manager),
        field: textOf(cause, 'field'),
        applies: !rest.includes(' using '),
      };
    });
}

/** A name as the server quotes it. */
function readText(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

/** Whether fields were to be changed that cannot be, and nothing else is wrong: then a new object could have them. */
export function isImmutable(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status !== 422) return false;
  const causes = causesOf(error).map((cause) => textOf(cause, 'message'));
  return (causes.length > 0 ? causes : [error.message]).every((text) => CANNOT_CHANGE.test(text));
}

/**
 * All failures as one error: a WaitingError when each waits for something, else a DeliveryError, which says AccessDenied
 * where the account may do none of it.
 */
export function failuresError(failures: readonly Failure[], reason: string = RECONCILIATION_FAILED): Error {
  const lines = failures
    .slice(0, MAX_LISTED)
    .map((failure) => `${describeId(failure.id)}: ${failure.reason}`);
  if (failures.length > MAX_LISTED) lines.push(`and ${failures.length - MAX_LISTED} more`);
  const message = lines.join('\n');
  const waits = failures.map(({ wait }) => wait).filter((wait) => wait !== undefined);
  const soonest = waits.toSorted((one, other) => one.after - other.after)[0];
  if (soonest && waits.length === failures.length)
    return new WaitingError(soonest.reason, soonest.after, message);
  const isDenied = reason === RECONCILIATION_FAILED && failures.every(({ isForbidden }) => isForbidden);
  return new DeliveryError(isDenied ? ACCESS_DENIED : reason, message);
}

/** The server's own sentence, without what was asked. */
function serverWords({ message }: ApiError): string {
  const at = message.indexOf(': ');
  return at < 0 ? message : message.slice(at + 2);
}

function notFound(place: Place, error: ApiError): Failure {
  const { id, kind, namespace } = place;
  if (textOf(error.details ?? {}, 'kind') === 'namespaces' && kind.kind !== 'Namespace') {
    return { id, reason: `namespace ${namespace} does not exist`, wait: NAMESPACE_MISSING };
  }
  return kindMissing(id, kind.apiVersion, kind.kind);
}

/** One part for each manager, with its fields, and what to do. */
function describeConflicts(conflicts: readonly Conflict[]): string {
  const fields = Map.groupBy(conflicts, ({ manager }) => manager);
  const parts = [...fields].map(([manager, items]) => {
    const names = items.slice(0, MAX_FIELDS).map(({ field }) => field);
    const more = items.length > MAX_FIELDS ? ` and ${items.length - MAX_FIELDS} more` : '';
    return `conflict with ${JSON.stringify(manager)}: ${names.join(', ')}${more}`;
  });
  return `${parts.join('; ')} (remove the fields from the template, or take them over with spec.target.apply.force)`;
}

/** The server names account and permission when it is about rights; admission plugins have words of their own. */
function isDenial(words: string): boolean {
  return / cannot \w+ resource /.test(words);
}

/** What to grant, where rights are what lacks. */
function describeForbidden(words: string, { user, isSecret }: Asked): string {
  if (!isDenial(words)) return isSecret ? 'forbidden' : cutText(words);
  const who = user ?? 'the account of the controller';
  return `${cutText(words)}: grant ${who} get, list, watch, create, patch and delete of it`;
}

/** Fields and reasons: the messages may quote values. */
function describeCauses(error: ApiError, { isSecret }: Asked): string {
  const causes = causesOf(error)
    .map((cause) => ({ field: textOf(cause, 'field'), reason: textOf(cause, 'reason') }))
    .map((cause) => `${(isSecret ? hideKeys(cause) : cause).field} (${cause.reason})`);
  return ['the server refuses it', error.reason, ...causes.slice(0, MAX_FIELDS)]
    .filter((it) => it !== '')
    .join(': ');
}

/** Keys of maps and lists may be values, too: `.env[name="..."]`, `data[...]`; positions are none. */
function hideKeys<Cause extends { readonly field: string }>(cause: Cause): Cause {
  return { ...cause, field: cause.field.replace(/\[(?!\d+\]).*$/s, '[...]') };
}

function causesOf({ details }: ApiError): JsonObject[] {
  const causes = details?.['causes'];
  return Array.isArray(causes) ? causes.filter(isObject) : [];
}
