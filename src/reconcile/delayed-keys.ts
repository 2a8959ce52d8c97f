interface Delayed {
  readonly key: string;
  readonly at: number;
}

/** Keys that come later, the earliest first: a binary heap in which each key counts once, at its earliest time. */
export class DelayedKeys {
  readonly #earliest = new Map<string, Delayed>();
  readonly #heap: Delayed[] = [];

  get size(): number {
    return this.#earliest.size;
  }

  /** Puts a key in; one that comes earlier anyway stays as it is. */
  put(key: string, at: number): void {
    const known = this.#earliest.get(key);
    if (known && known.at <= at) return;
    const delayed = { key, at };
    this.#earliest.set(key, delayed);
    this.#heap.push(delayed);
    this.#rise(this.#heap.length - 1);
  }

  /** When the next key comes; undefined when none does. */
  next(): number | undefined {
    this.#dropOutdated();
    return this.#heap[0]?.at;
  }

  /** Takes a key out whose time has come. */
  take(now: number): string | undefined {
    const at = this.next();
    if (at === undefined || at > now) return undefined;
    const { key } = this.#pop();
    this.#earliest.delete(key);
    return key;
  }

  clear(): void {
    this.#earliest.clear();
    this.#heap.length = 0;
  }

  /** Entries of keys that were put in again with an earlier time stay in the heap until they are first. */
  #dropOutdated(): void {
    for (let first = this.#heap[0]; first; first = this.#heap[0]) {
      if (this.#earliest.get(first.key) === first) return;
      this.#pop();
    }
  }

  #pop(): Delayed {
    const first = this.#heap[0] as Delayed;
    const last = this.#heap.pop() as Delayed;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #rise(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isEarlier(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(): void {
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let earliest = this.#isEarlier(left, parent) ? left : parent;
      if (this.#isEarlier(right, earliest)) earliest = right;
      if (earliest === parent) return;
      this.#swap(parent, earliest);
      parent = earliest;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    const first = this.#heap[a];
    return first !== undefined && first.at < (this.#heap[b] as Delayed).at;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b] as Delayed, this.#heap[a] as Delayed];
  }
}
