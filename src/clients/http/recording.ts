import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpAnswer } from '../../api/readers.ts';
import { type JsonObject, type JsonValue, ownValue, parseJson, stringifyJson } from '../../lib/json.ts';
import { objectField, textField } from '../../lib/json-fields.ts';
import type { Exchange } from './exchange.ts';
import { createRedaction } from './redact-echo.ts';

const MAX_FILES = 10_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/**
 * Headers that change what the client does with an answer. Others may carry sessions and are not recorded.
 */
const RECORDED_HEADERS = ['content-type', 'content-encoding', 'link', 'location', 'retry-after'];

/** One exchange as a file holds it: no request headers, no credentials. */
interface Recording {
  readonly request: { readonly method: string; readonly url: string; readonly body?: string };
  readonly response: RecordedAnswer;
}

/** An answer as a recording holds it: bytes that are no text stand there in base64. */
export interface RecordedAnswer extends HttpAnswer {
  readonly encoding?: 'base64';
}

/** The folder of recordings cannot be read or written. */
export class RecordingError extends Error {}

/** Writes exchanges as `NNN-<slug>.json`, numbered on from what the folder has. */
export class Recorder {
  readonly #folder: string;
  #next: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes one exchange; files appear whole, and in the order of the calls. */
  record(request: Exchange, answer: RecordedAnswer): Promise<void> {
    const written = this.#queue
      .then(() => this.#write(toRecording(request, answer), slugOf(request)))
      .catch((error: unknown) => {
        throw new RecordingError(`cannot write a recording to ${this.#folder}`, { cause: error });
      });
    this.#queue = written.catch(() => {});
    return written;
  }

  /** Writes beside the folder's files first, so that a reader never finds half a recording. */
  async #write(recording: Recording, slug: string): Promise<void> {
    this.#next ??= await firstFreeNumber(this.#folder);
    const temporary = join(this.#folder, `.${randomUUID()}.tmp`);
    await writeFile(temporary, `${stringifyJson(recording as unknown as JsonValue, 2)}\n`, { mode: 0o600 });
    try {
      await this.#linkNext(temporary, slug);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** A link refuses to replace, so that two recording processes never lose a file. */
  async #linkNext(temporary: string, slug: string): Promise<void> {
    for (;;) {
      this.#next = (this.#next ?? 1) + 1;
      const name = `${String(this.#next - 1).padStart(3, '0')}-${slug}.json`;
      try {
        return await link(temporary, join(this.#folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

/**
 * The recordings of a folder in the order of their file names. Other files with JSON objects are left
 * alone.
 */
export async function readRecordings(folder: string): Promise<Recording[]> {
  const names = (await listFolder(folder)).filter((name) => /^[^.].*\.json$/.test(name)).sort();
  if (names.length > MAX_FILES) throw new RecordingError(`${folder} has more than ${MAX_FILES} recordings`);
  const recordings: Recording[] = [];
  for (const name of names) {
    const recording = await readRecording(join(folder, name));
    if (recording) recordings.push(recording);
  }
  return recordings;
}

/** One file, or undefined when it records something other than HTTP. */
async function readRecording(file: string): Promise<Recording | undefined> {
  if ((await stat(file)).size > MAX_FILE_BYTES)
    throw new RecordingError(`${file} is larger than a recording can be`);
  try {
    return parseRecording(parseJson(await readFile(file, 'utf8')));
  } catch (error) {
    throw new RecordingError(`${file} is not a recording: ${(error as Error).message}`, { cause: error });
  }
}

/** Undefined for the recording of something else, such as a Git repository: it has no request.method. */
function parseRecording(value: JsonValue): Recording | undefined {
  const request = objectField(value, 'request');
  if (ownValue(request, 'method') === undefined) return undefined;
  const response = objectField(value, 'response');
  const body = ownValue(request, 'body');
  const headers = Object.entries(ownValue(response, 'headers') ?? {});
  return {
    request: {
      method: textField(request, 'method'),
      url: new URL(textField(request, 'url')).href,
      ...(typeof body === 'string' && { body }),
    },
    response: {
      status: statusField(response),
      headers: Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), String(text)])),
      body: textField(response, 'body'),
      ...(ownValue(response, 'encoding') === 'base64' && { encoding: 'base64' }),
    },
  };
}

/** Interim answers never reach a recording. */
function statusField(response: JsonObject): number {
  const status = ownValue(response, 'status');
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status < 600) return status;
  throw new Error('"status" must be a number from 200 to 599');
}

/** Only what replaying needs: the list of headers is of those let through. */
function toRecording(request: Exchange, answer: RecordedAnswer): Recording {
  const redact = createRedaction(request.headers);
  const headers = Object.entries(answer.headers).filter(([name]) => RECORDED_HEADERS.includes(name));
  return {
    request: {
      method: request.method,
      url: redact(request.url.href),
      ...(request.body !== undefined && { body: redact(request.body) }),
    },
    response: {
      status: answer.status,
      headers: Object.fromEntries(headers.map(([name, value]) => [name, redact(value)])),
      body: redact(answer.body),
      ...(answer.encoding && { encoding: answer.encoding }),
    },
  };
}

/** Method, host and path as a file name; never the query. */
function slugOf({ method, url }: Exchange): string {
  const words = `${method} ${url.hostname} ${url.pathname}`.toLowerCase();
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
}

/** Numbers go on after the highest, so that a second run adds to the first. */
async function firstFreeNumber(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const numbers = (await readdir(folder)).map((name) => Number(/^(\d{3,6})-/.exec(name)?.[1] ?? 0));
  return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new RecordingError(`cannot read the recordings in ${folder}`, { cause: error });
  }
}
