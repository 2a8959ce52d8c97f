import type { LogLine } from './log-line.ts';

/** Lines of several logs, each in its own order, as one in the order of their times; one line of each is held at a time. */
export async function* mergeLogs(logs: readonly AsyncGenerator<LogLine>[]): AsyncGenerator<LogLine> {
  const heads = await Promise.all(logs.map(takeHead));
  for (;;) {
    const earliest = heads.reduce((best, head) => (isEarlier(head, best) ? head : best), undefined);
    if (!earliest) return;
    yield earliest.line;
    heads[heads.indexOf(earliest)] = await takeHead(earliest.log);
  }
}

/** The next line of a log. */
interface Head {
  readonly log: AsyncGenerator<LogLine>;
  readonly line: LogLine;
}

async function takeHead(log: AsyncGenerator<LogLine>): Promise<Head | undefined> {
  const next = await log.next();
  return next.done ? undefined : { log, line: next.value };
}

function isEarlier(head: Head | undefined, other: Head | undefined): boolean {
  return head !== undefined && (other === undefined || head.line.ts < other.line.ts);
}
