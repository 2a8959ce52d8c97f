import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** One request that the API server answered, or whose answer it began: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1 */
export interface AuditEvent {
  readonly auditID: string;
  /** A watch has ResponseStarted when it begins and ResponseComplete when it ends. */
  readonly stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly user: AuditUser;
  readonly impersonatedUser?: AuditUser;
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly apiVersion?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string };
  /** What was sent, with `audit: 'Request'`. */
  readonly requestObject?: unknown;
  /** RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface AuditUser {
  readonly username: string;
  readonly groups?: readonly string[];
}

/** Verbs of the audit log that change something. */
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Whether a request wanted to change something. */
export function isWrite(event: AuditEvent): boolean {
  return WRITES.has(event.verb);
}

/** The length of the log now, from which a later reading can begin; the first event makes the file. */
export async function sizeOfAuditLog(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Reads the log from a byte on, without a last line that is being written. */
export async function readAuditLog(file: string, from = 0): Promise<AuditEvent[]> {
  const end = await sizeOfAuditLog(file);
  if (end <= from) return [];
  const events: AuditEvent[] = [];
  const stream = createReadStream(file, { start: from, end: end - 1, encoding: 'utf8' });
  let rest = '';
  // node:readline would end lines at U+2028 too, which JSON may hold.
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push(JSON.parse(line) as AuditEvent);
  }
  return events;
}
