/** A map that forgets what was not used for the longest time, once its keys and entries weigh too much. */
export class LruMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;
  readonly #entryWeight: number;
  #weight = 0;

  /** `capacity` is in characters of the keys; `entryWeight` is what an entry counts beside its key. */
  constructor(capacity: number, entryWeight: number) {
    this.#capacity = capacity;
    this.#entryWeight = entryWeight;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Keeps a value under a new key; one that alone weighs too much is not kept. */
  set(key: string, value: V): void {
    this.#entries.set(key, value);
    this.#weight += this.#weigh(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#capacity) return;
      this.#entries.delete(oldest);
      this.#weight -= this.#weigh(oldest);
    }
  }

  #weigh(key: string): number {
    return key.length + this.#entryWeight;
  }
}
