import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSession } from '../cluster-session.ts';
import { type ControllerPod, type LogPart, listControllerPods, readPodLog } from './controller-pods.ts';
import { type LogLine, parseLogLine } from './log-line.ts';

/** Milliseconds between two looks for new pods, and before a log that ended is opened again. */
const PAUSE = 3000;

/** What is followed, and who is told. */
export interface Following {
  /** Of the controller. */
  readonly namespace: string;
  /** Where to begin, in the pods that there are. */
  readonly part: LogPart;
  readonly pause?: number;
  take(line: LogLine): void;
}

/**
 * Hands on the lines of the controller's pods as they come, until the signal is aborted. Pods that come later are
 * followed, too, and a log that breaks off goes on from its last line, none of which comes twice.
 */
export async function followLogs(
  session: Pick<ClusterSession, 'client' | 'printer' | 'program' | 'signal'>,
  following: Following,
): Promise<void> {
  const { program, signal } = session;
  const running = new Map<string, Promise<void>>();
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const pods = await listControllerPods(session, following.namespace).catch((error) => {
      if (isFirst || signal.aborted) throw error;
      return [];
    });
    if (isFirst && pods.length === 0) throw noPods(following.namespace, program);
    for (const pod of pods.filter(({ uid }) => !running.has(uid))) {
      const part = isFirst ? following.part : {};
      running.set(pod.uid, followPod(session, pod, { ...following, part }));
    }
    await delay(following.pause ?? PAUSE, undefined, { signal }).catch(() => {});
  }
  await Promise.all(running.values());
}

/** There is no pod with the labels of the controller. */
export function noPods(namespace: string, program: string): Error {
  return new Error(
    `no pod of the controller in namespace ${namespace}: see ${program} check, or name its --flux-namespace`,
  );
}

/** Where a log was read up to: several lines may have one time. */
interface Position {
  time: string;
  readonly lines: Set<string>;
}

/** Ends with the signal, or when the pod is gone. */
async function followPod(
  session: Pick<ClusterSession, 'client' | 'printer' | 'signal'>,
  pod: ControllerPod,
  following: Following,
): Promise<void> {
  const { signal, printer } = session;
  const position: Position = { time: '', lines: new Set() };
  let trouble = '';
  do {
    const failure = await readOn(session, pod, { ...following, position });
    if (failure && failure.message !== trouble) printer.warning(failure.message);
    trouble = failure?.message ?? '';
    await delay(following.pause ?? PAUSE, undefined, { signal }).catch(() => {});
  } while (!signal.aborted && (await exists(session, pod, following.namespace)));
}

/** Hands on the lines that are new until the log breaks off; gives what went wrong. */
async function readOn(
  session: Pick<ClusterSession, 'client' | 'signal'>,
  pod: ControllerPod,
  { part, take, position }: Following & { readonly position: Position },
): Promise<Error | undefined> {
  const from = position.time === '' ? part : { sinceTime: position.time };
  try {
    for await (const text of readPodLog(session, pod, { ...from, follow: true })) {
      const line = parseLogLine(text);
      if (line && advance(position, line, text)) take(line);
    }
    return undefined;
  } catch (error) {
    return session.signal.aborted ? undefined : (error as Error);
  }
}

/** Whether a line is new; the server gives all lines of the second that it is asked to begin with. */
function advance(position: Position, { ts }: LogLine, text: string): boolean {
  if (ts < position.time || (ts === position.time && position.lines.has(text))) return false;
  if (ts !== position.time) position.lines.clear();
  position.time = ts;
  position.lines.add(text);
  return true;
}

/** A server that does not answer has not said that the pod is gone. */
async function exists(
  session: Pick<ClusterSession, 'client' | 'signal'>,
  { uid }: ControllerPod,
  namespace: string,
): Promise<boolean> {
  try {
    return (await listControllerPods(session, namespace)).some((pod) => pod.uid === uid);
  } catch {
    return true;
  }
}
