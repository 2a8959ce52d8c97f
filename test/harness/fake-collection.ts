import { ApiError } from '../../src/clients/cluster/api-error.ts';
import type {
  ApiRequest,
  ApiStream,
  ClusterClient,
  ServiceAccount,
} from '../../src/clients/cluster/cluster-client.ts';
import type { JsonObject } from '../../src/lib/json.ts';

/** An error as the API server's refusals become. */
export function refusal(
  status: number,
  parts: { reason?: string; retryAfter?: number; details?: JsonObject } = {},
): ApiError {
  return new ApiError(`refused: ${status}`, { status, reason: parts.reason ?? '', ...parts });
}

/** A watch that stands open. */
interface OpenStream {
  readonly request: ApiRequest;
  push(chunk: string): void;
  end(error?: Error): void;
}

interface PastEvent {
  readonly version: number;
  readonly line: string;
}

/**
 * ConfigMaps of the namespace `default` behind the contract of a client, for faults that need exact moments; everything
 * else is tested on a real API server.
 */
export class FakeCollection implements ClusterClient {
  readonly user: string | undefined = undefined;
  readonly requests: ApiRequest[] = [];
  readonly streams: OpenStream[] = [];
  /** What the next requests, and the next watches, fail with; undefined lets one through. */
  readonly requestFailures: (Error | undefined)[] = [];
  readonly streamFailures: (Error | undefined)[] = [];
  /** Answers instead of the collection. */
  answer: ((request: ApiRequest) => JsonObject | undefined) | undefined;
  /** Waited for before each answer. */
  gate: Promise<void> | undefined;
  version = 100;
  readonly #objects = new Map<string, JsonObject>();
  readonly #history: PastEvent[] = [];

  as(_account: ServiceAccount): ClusterClient {
    return this;
  }

  get open(): OpenStream[] {
    return this.streams;
  }

  /** Creates or changes an object; without an event where the server is to lose it. */
  put(name: string, { isLost = false } = {}): string {
    const type = this.#objects.has(name) ? 'MODIFIED' : 'ADDED';
    const object = this.#object(name);
    this.#objects.set(name, object);
    if (!isLost) this.#tell(type, object);
    return String(this.version);
  }

  remove(name: string, { isLost = false } = {}): void {
    this.#objects.delete(name);
    const object = this.#object(name);
    if (!isLost) this.#tell('DELETED', object);
  }

  bookmark(): void {
    this.version++;
    this.#tell('BOOKMARK', { metadata: { resourceVersion: String(this.version) } });
  }

  /** The server forgets all events: whoever resumes gets 410. */
  forget(): void {
    this.#history.length = 0;
  }

  /** The server is as it was at an earlier version, and goes on from there. */
  restore(version: number): void {
    this.forget();
    this.version = version;
  }

  /** Every object by its version, as a cache of versions must have it. */
  world(): Record<string, string> {
    return Object.fromEntries(
      [...this.#objects].map(([name, object]) => [
        `default/${name}`,
        (object['metadata'] as JsonObject)['resourceVersion'] as string,
      ]),
    );
  }

  async request(request: ApiRequest, signal: AbortSignal): Promise<JsonObject> {
    this.requests.push(request);
    await passed(this.gate, signal);
    signal.throwIfAborted();
    const failure = this.requestFailures.shift();
    if (failure) throw failure;
    return this.answer?.(request) ?? this.#answer(request);
  }

  async stream(request: ApiRequest, signal: AbortSignal): Promise<ApiStream> {
    this.requests.push(request);
    await passed(this.gate, signal);
    signal.throwIfAborted();
    const failure = this.streamFailures.shift();
    if (failure) throw failure;
    const from = Number(request.query?.['resourceVersion']);
    const stream = createStream(request, signal, (it) => this.streams.splice(this.streams.indexOf(it), 1));
    this.streams.push(stream.open);
    for (const { version, line } of this.#history) if (version > from) stream.open.push(line);
    return stream.api;
  }

  #object(name: string): JsonObject {
    this.version++;
    return { metadata: { name, namespace: 'default', uid: name, resourceVersion: String(this.version) } };
  }

  #tell(type: string, object: JsonObject): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (type !== 'BOOKMARK') this.#history.push({ version: this.version, line });
    for (const stream of this.streams) stream.push(line);
  }

  #answer({ path, query = {} }: ApiRequest): JsonObject {
    if (!path.endsWith('/configmaps')) {
      const object = this.#objects.get(path.slice(path.lastIndexOf('/') + 1));
      if (!object) throw refusal(404);
      return object;
    }
    const selected = /metadata\.name=([^,]+)/.exec(query['fieldSelector'] ?? '')?.[1];
    const all = [...this.#objects].filter(([name]) => selected === undefined || name === selected);
    const start = Number(query['continue'] ?? 0);
    const end = start + Number(query['limit']);
    return {
      metadata: { resourceVersion: String(this.version), ...(end < all.length && { continue: String(end) }) },
      items: all.slice(start, end).map(([, object]) => object),
    };
  }
}

async function passed(gate: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (!gate || signal.aborted) return;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await Promise.race([gate, aborted]);
}

function createStream(
  request: ApiRequest,
  signal: AbortSignal,
  onEnd: (stream: OpenStream) => void,
): { open: OpenStream; api: ApiStream } {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isOver = false;
  const body = new ReadableStream<Uint8Array>({
    start: (it) => {
      controller = it;
    },
  });
  const open: OpenStream = {
    request,
    push: (chunk) => controller.enqueue(Buffer.from(chunk)),
    end: (error) => {
      if (isOver) return;
      isOver = true;
      onEnd(open);
      if (error) controller.error(error);
      else controller.close();
    },
  };
  signal.addEventListener('abort', () => open.end(new Error('aborted')), { once: true });
  return { open, api: { chunks: body, destroy: () => open.end(new Error('destroyed')) } };
}
