/** How a queue of events is emptied. */
interface QueueOptions<Item> {
  /** Items that wait at most; then the oldest is dropped. */
  readonly limit: number;
  send(item: Item, signal: AbortSignal): Promise<void>;
  onDropped(): void;
  /** Told of each failure; the item is not tried again. */
  onError(error: Error): void;
}

/** Sends items one after the other, and never makes anybody wait. */
export class EventQueue<Item> {
  readonly #options: QueueOptions<Item>;
  readonly #abort = new AbortController();
  #waiting: Item[] = [];
  #running: Promise<void> | undefined;

  constructor(options: QueueOptions<Item>) {
    this.#options = options;
  }

  /** Sends an item when its turn comes. */
  add(item: Item): void {
    if (this.#abort.signal.aborted) {
      this.#options.onDropped();
      return;
    }
    if (this.#waiting.length >= this.#options.limit) {
      this.#waiting.shift();
      this.#options.onDropped();
    }
    this.#waiting.push(item);
    this.#running ??= this.#run();
  }

  /** Resolves when everything is sent. When the signal comes first, what waits is dropped, now and later. */
  async flush(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#running;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #stop(): void {
    for (const _ of this.#waiting) this.#options.onDropped();
    this.#waiting = [];
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    // Later than now, so that whoever adds is never kept, and `#running` is set before it can end.
    await Promise.resolve();
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      try {
        await this.#options.send(item, this.#abort.signal);
      } catch (error) {
        this.#options.onError(error as Error);
      }
    }
    this.#running = undefined;
  }
}
