/** Two ways to stop: gently after the work in hand, and at once. */
export interface StopSignals {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly gentle: AbortSignal;
  /** Aborted by the second, or by the first where nothing is worth finishing. */
  readonly hard: AbortSignal;
  /** The exit code that a shell expects of a process that ended by the signal. */
  exitCode(): number;
  /** Gives the signals back to Node. */
  release(): void;
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Milliseconds. A terminal tells every process of a Ctrl-C, and npx passes it on: that is one Ctrl-C, not two. */
const SAME_PRESS = 500;

/** Listens for SIGINT and SIGTERM; `onGentle` is called at the first, and says whether the work goes on. */
export function listenForStop(onGentle: () => boolean): StopSignals {
  const gentle = new AbortController();
  const hard = new AbortController();
  let received: keyof typeof NUMBERS = 'SIGINT';
  let receivedAt = Number.NEGATIVE_INFINITY;
  const listen = (signal: keyof typeof NUMBERS) => () => {
    const repeated = signal === received && performance.now() - receivedAt < SAME_PRESS;
    received = signal;
    receivedAt = performance.now();
    if (repeated) return;
    const goesOn = !gentle.signal.aborted && onGentle();
    gentle.abort();
    if (!goesOn) hard.abort(new Error(`interrupted by ${signal}`));
  };
  const listeners = { SIGINT: listen('SIGINT'), SIGTERM: listen('SIGTERM') };
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  return {
    gentle: gentle.signal,
    hard: hard.signal,
    exitCode: () => 128 + NUMBERS[received],
    release() {
      for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
    },
  };
}
