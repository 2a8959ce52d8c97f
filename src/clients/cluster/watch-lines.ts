/** Bytes of one event: etcd takes objects of 1.5 MiB, and escaping can make them several times longer. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts the body of a watch into lines, whatever the pieces are in which it arrives. */
export class WatchLines {
  readonly #limit: number;
  #begun: Uint8Array[] = [];
  #size = 0;

  constructor(limit = MAX_LINE_BYTES) {
    this.#limit = limit;
  }

  /** Whether no line has begun and not ended. */
  get isWhole(): boolean {
    return this.#size === 0;
  }

  /** Takes a piece and gives the lines that it ends, without empty ones. Throws when a line gets too long. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = this.#finish(chunk.subarray(start, end));
      if (line !== '') lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  #finish(last: Uint8Array): string {
    this.#check(last.length);
    if (this.#size === 0) return decode(last);
    const line = decode(Buffer.concat([...this.#begun, last]));
    this.#begun = [];
    this.#size = 0;
    return line;
  }

  #keep(part: Uint8Array): void {
    this.#check(part.length);
    this.#begun.push(part);
    this.#size += part.length;
  }

  #check(more: number): void {
    if (this.#size + more > this.#limit) throw new Error(`an event is longer than ${this.#limit} bytes`);
  }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trimEnd();
}
