import type { GeneratedElement } from '../api/element.ts';
import type { HistoryQuestion, HistorySeries } from '../api/history.ts';

/** Asks the source of an element for its history. Samples beside the asked ones do no harm. Throws where
 * there is no good answer; no series is an answer. */
export type AskHistory = (
  element: GeneratedElement,
  question: HistoryQuestion,
  signal: AbortSignal,
) => Promise<readonly HistorySeries[]>;
