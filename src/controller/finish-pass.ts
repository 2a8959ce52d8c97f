import type { Requests } from '../api/requests.ts';
import type { JsonObject } from '../lib/json.ts';
import { eventsFor } from '../status/events-for.ts';
import type { Report, ReportOutcome } from '../status/report.ts';
import type { StatusSession } from '../status/status-writer.ts';
import type { Handling } from './handling.ts';

/** The set that was worked on, and how its status is written. */
interface Finishing extends Handling {
  readonly object: JsonObject;
  readonly session: StatusSession;
  readonly requests: Pick<Requests, 'requestedAt' | 'forceAt'>;
}

/** Says what became of a set: its status, where that is news, and its events. */
export async function finishPass(
  { stored, runtime, parts, session, requests, signal }: Finishing,
  { outcome, elements, begun }: { outcome: ReportOutcome; elements?: number; begun: number },
): Promise<void> {
  const unwatched = runtime.unwatched();
  const { requestedAt, forceAt } = requests;
  const report: Report = {
    outcome,
    generation: stored.generation,
    at: new Date(parts.clock.now()),
    duration: parts.clock.monotonic() - begun,
    ...(requestedAt !== undefined && { requestedAt }),
    ...(forceAt !== undefined && { forceAt }),
    ...(elements !== undefined && { elements }),
    ...(unwatched !== undefined && { unwatched }),
  };
  const events = eventsFor(session.previous, report);
  await session.finish(report, signal);
  for (const event of events) parts.events.record(session.metadata, event);
}
