import type { SetView } from './set-view.ts';

/** A condition that sets are chosen by; texts are in lower case. */
export interface StatusSelector {
  readonly type: string;
  readonly status: string;
}

/** Reads `--status-selector`, such as `ready=false`. Throws a sentence for anything else. */
export function parseStatusSelector(text: string): StatusSelector {
  const [, type = '', status = ''] = /^\s*([A-Za-z]+)\s*=\s*(true|false|unknown)\s*$/i.exec(text) ?? [];
  if (type === '') throw new Error('a status selector is a condition and its status, such as ready=false');
  return { type: type.toLowerCase(), status: status.toLowerCase() };
}

/**
 * Whether the condition of a set is as wanted. A condition that does not stand is false: Held, Stalled and Reconciling
 * are there only while they hold, and a set before its first pass is not ready, as its row says.
 */
export function matchesStatus({ status }: Pick<SetView, 'status'>, selector: StatusSelector): boolean {
  const condition = status.conditions?.find(({ type }) => type.toLowerCase() === selector.type);
  return (condition?.status.toLowerCase() ?? 'false') === selector.status;
}
