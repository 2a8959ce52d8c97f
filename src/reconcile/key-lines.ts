/** Why a key is worked on: something changed, or its time has come. */
export type Cause = 'change' | 'time';

/** Milliseconds after which a key that came by time goes before the changes. */
const MAX_PATIENCE = 30_000;

/** A key in line. */
export interface Place {
  readonly key: string;
  readonly cause: Cause;
  /** Since when it waits, in milliseconds of the caller's clock. */
  readonly since: number;
}

/**
 * Keys that wait for a worker, in two lines: changes go before what came by time, so that people need not wait for a
 * storm of intervals. Within a line the first comes first. Who has waited for 30 s in the second line takes turns
 * with the first, so that neither can keep the other from being served.
 */
export class KeyLines {
  readonly #places = new Map<string, Place>();
  readonly #lines: Readonly<Record<Cause, Line>> = { change: new Line(), time: new Line() };
  /** Whether the last key that was taken came by time. */
  #lastByTime = false;

  get size(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Puts a key in. One that waits already stays where it is, or moves to the first line when it changed. */
  put({ key, cause, since }: Place): void {
    const known = this.#places.get(key);
    if (known && (known.cause === 'change' || cause === 'time')) return;
    const place = { key, cause, since: known?.since ?? since };
    this.#places.set(key, place);
    this.#lines[cause].push(place);
  }

  /** Takes the next key out. */
  take(now: number): Place | undefined {
    const isCurrent = (place: Place) => this.#places.get(place.key) === place;
    const change = this.#lines.change.first(isCurrent);
    const time = this.#lines.time.first(isCurrent);
    const isPatient = time === undefined || now - time.since < MAX_PATIENCE || this.#lastByTime;
    const place = change && isPatient ? change : time;
    if (!place) return undefined;
    this.#lastByTime = place === time;
    this.#lines[place.cause].shift();
    this.#places.delete(place.key);
    return place;
  }

  clear(): void {
    this.#places.clear();
    for (const line of Object.values(this.#lines)) line.clear();
  }
}

/** First in, first out, without moving all that wait at each step. */
class Line {
  #places: Place[] = [];
  #head = 0;

  push(place: Place): void {
    this.#places.push(place);
  }

  /** The first that still waits; those before it are dropped. */
  first(isCurrent: (place: Place) => boolean): Place | undefined {
    for (let place = this.#places[this.#head]; place; place = this.#places[this.#head]) {
      if (isCurrent(place)) return place;
      this.shift();
    }
    return undefined;
  }

  clear(): void {
    this.#places = [];
    this.#head = 0;
  }

  shift(): void {
    this.#head++;
    if (this.#head < 1024 || this.#head < this.#places.length / 2) return;
    this.#places = this.#places.slice(this.#head);
    this.#head = 0;
  }
}
