/** How a queue of events is emptied. */
interface QueueOptions<Item> {
  /** Items that wait at most; then the oldest is dropped. */
  readonly limit: number;
  /** Items that are sent at once; 1 keeps their order. */
  readonly parallel: number;
  send(item: Item, signal: AbortSignal): Promise<void>;
  onDropped(): void;
  /** Told of each failure; the item is not tried again. */
  onError(error: Error): void;
}

/** Sends items in the order of their coming, so many at once, and never makes anybody wait. */
export class EventQueue<Item> {
  readonly #options: QueueOptions<Item>;
  readonly #abort = new AbortController();
  #waiting: Item[] = [];
  readonly #running = new Set<Promise<void>>();
  #senders = 0;

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
    if (this.#senders < this.#options.parallel) this.#start();
  }

  /** Resolves when everything is sent. When the signal comes first, what waits is dropped, now and later. */
  async flush(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (this.#running.size > 0) await Promise.all(this.#running);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #stop(): void {
    for (const _ of this.#waiting) this.#options.onDropped();
    this.#waiting = [];
    this.#abort.abort();
  }

  #start(): void {
    this.#senders++;
    const running = this.#run().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(): Promise<void> {
    // Later than now, so that whoever adds is never kept.
    await Promise.resolve();
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      try {
        await this.#options.send(item, this.#abort.signal);
      } catch (error) {
        this.#options.onError(error as Error);
      }
    }
    // At once: what is added from now on needs another sender.
    this.#senders--;
  }
}
