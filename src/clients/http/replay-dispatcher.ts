import { Dispatcher } from 'undici';
import { describeUrl } from '../../lib/describe-url.ts';
import { type RecordedAnswer, readRecordings } from './recording.ts';

/** A request that no recording answers. */
export class NoRecordingError extends Error {}

/**
 * Answers requests from a folder of recordings in place of the network, below everything else the client
 * does. Equal requests play in the order of the files, and the last one sticks. No socket is ever opened.
 */
export class ReplayDispatcher extends Dispatcher {
  readonly #folder: string;
  /** Read once, at the first request. */
  #answers: Promise<Map<string, RecordedAnswer[]>> | undefined;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const controller = new ReplayController();
    handler.onRequestStart?.(controller, {});
    this.#answer(options)
      .then((answer) => play(answer, controller, handler))
      .catch((error: Error) => handler.onResponseError?.(controller, error));
    return true;
  }

  async #answer(options: Dispatcher.DispatchOptions): Promise<RecordedAnswer> {
    this.#answers ??= loadAnswers(this.#folder);
    const url = new URL(options.path, options.origin);
    const body = typeof options.body === 'string' ? options.body : undefined;
    const queue = (await this.#answers).get(
      keyOf({ method: options.method, url: url.href, ...(body !== undefined && { body }) }),
    );
    const answer = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (answer) return answer;
    throw new NoRecordingError(
      `no recording of ${options.method} ${describeUrl(url)} with this query and body in ${this.#folder}; make one with --record`,
    );
  }
}

/** The answers of each request, in the order in which they play. */
async function loadAnswers(folder: string): Promise<Map<string, RecordedAnswer[]>> {
  const recordings = await readRecordings(folder);
  const byRequest = Map.groupBy(recordings, ({ request }) => keyOf(request));
  return new Map([...byRequest].map(([key, group]) => [key, group.map(({ response }) => response)]));
}

/** Two requests are equal when method, whole URL and body are; headers are not recorded. */
function keyOf({ method, url, body }: { method: string; url: string; body?: string }): string {
  return JSON.stringify([method, url, body ?? '']);
}

/** Gives an answer as undici gives one from a socket. */
function play(
  answer: RecordedAnswer,
  controller: ReplayController,
  handler: Dispatcher.DispatchHandler,
): void {
  if (controller.reason) throw controller.reason;
  handler.onResponseStart?.(controller, answer.status, { ...answer.headers });
  handler.onResponseData?.(controller, Buffer.from(answer.body, answer.encoding ?? 'utf8'));
  if (controller.reason) throw controller.reason;
  handler.onResponseEnd?.(controller, {});
}

/** Whole answers are at hand, so there is nothing to pause; an abort is all that can happen. */
class ReplayController implements Dispatcher.DispatchController {
  readonly paused = false;
  reason: Error | null = null;

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason: Error): void {
    this.reason ??= reason;
  }

  pause(): void {}

  resume(): void {}
}
