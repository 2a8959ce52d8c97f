import type { ClusterOptions } from '../cluster-options.ts';
import type { ClusterSession } from '../cluster-session.ts';
import type { CommandContext } from '../command-context.ts';
import { type ControllerPod, type LogPart, listControllerPods, readPodLog } from './controller-pods.ts';
import { isTimeout } from './follow-collection.ts';
import { followLogs, noPods } from './follow-logs.ts';
import { formatLogLine, type LogFilter, type LogLine, matchesLog, parseLogLine } from './log-line.ts';
import { mergeLogs } from './merge-logs.ts';

/** The options of `logs`. */
export interface LogsOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly name?: string;
  readonly level?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  /** Milliseconds. */
  readonly since?: number;
  readonly sinceTime?: string;
  /** Of the controller. */
  readonly fluxNamespace: string;
}

/** Prints what the controller's pods say of the sets of a namespace, in the order of time; with `follow`, as it comes. */
export async function showLogs(
  session: ClusterSession,
  options: LogsOptions,
  { streams: { stdout } }: CommandContext,
): Promise<void> {
  const filter = toFilter(options);
  const part = toPart(options);
  const take = (line: LogLine) => {
    if (matchesLog(line, filter)) stdout.write(formatLogLine(line));
  };
  if (!options.follow) return printLogs(session, { namespace: options.fluxNamespace, part, take });
  await followLogs(session, { namespace: options.fluxNamespace, part, take });
  if (!isTimeout(session.signal)) session.signal.throwIfAborted();
}

/** A pod whose log cannot be read is said; where no log can be read, that is thrown. */
async function printLogs(
  session: ClusterSession,
  { namespace, part, take }: { namespace: string; part: LogPart; take: (line: LogLine) => void },
): Promise<void> {
  const pods = await listControllerPods(session, namespace);
  if (pods.length === 0) throw noPods(namespace, session.program);
  const failures: Error[] = [];
  const logs = pods.map((pod) => readLines(session, pod, { part, failures }));
  for await (const line of mergeLogs(logs)) take(line);
  session.signal.throwIfAborted();
  for (const { message } of failures.slice(pods.length === failures.length ? 1 : 0)) {
    session.printer.warning(message);
  }
  if (failures[0] && failures.length === pods.length) throw failures[0];
}

async function* readLines(
  session: ClusterSession,
  pod: ControllerPod,
  { part, failures }: { part: LogPart; failures: Error[] },
): AsyncGenerator<LogLine> {
  try {
    for await (const text of readPodLog(session, pod, part)) {
      const line = parseLogLine(text);
      if (line) yield line;
    }
  } catch (error) {
    failures.push(error as Error);
  }
}

function toFilter({ allNamespaces, namespace, name, level }: LogsOptions): LogFilter {
  return {
    ...(level !== undefined && { level }),
    ...(name !== undefined && { name }),
    ...(!allNamespaces && { namespace }),
  };
}

function toPart({ tail, since, sinceTime }: LogsOptions): LogPart {
  if (since !== undefined && sinceTime !== undefined) {
    throw new Error('--since and --since-time exclude each other');
  }
  return {
    ...(tail !== undefined && { tailLines: tail }),
    ...(since !== undefined && { sinceSeconds: Math.max(1, Math.ceil(since / 1000)) }),
    ...(sinceTime !== undefined && { sinceTime }),
  };
}
