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

/** How a pass ended; what is absent is not known, or there is none. */
export interface Ended extends Pick<Report, 'elements' | 'elementStates' | 'heldChanges'> {
  readonly outcome: ReportOutcome;
  /** On the monotonic clock, in milliseconds. */
  readonly begun: number;
}

/** Says what became of a set: its status, where that is news, and its events. */
export async function finishPass(
  { stored, runtime, parts, session, requests, signal }: Finishing,
  { outcome, elements, elementStates, heldChanges, begun }: Ended,
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
    ...(elementStates && { elementStates }),
    ...(heldChanges && { heldChanges }),
    ...(unwatched !== undefined && { unwatched }),
  };
  const events = eventsFor(session.previous, report);
  await session.finish(report, signal);
  for (const event of events) parts.events.record(session.metadata, event);
}
