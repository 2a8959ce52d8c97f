import { badBase64 } from '../encoding.ts';

/** A text longer than this is no key and no certificate. */
const MAX_PEM = 64 * 1024;

const LINE_WIDTH = 64;
const DASHES = '-----';
const BEGIN = '-----BEGIN ';
const END = '-----END ';

/** One block of PEM (RFC 7468). */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Writes a block in lines of 64 characters. */
export function encodePem({ type, bytes }: PemBlock): string {
  const base64 = bytes.toString('base64');
  const lines = Array.from({ length: Math.ceil(base64.length / LINE_WIDTH) }, (_, i) =>
    base64.slice(i * LINE_WIDTH, (i + 1) * LINE_WIDTH),
  );
  return [`${BEGIN}${type}${DASHES}`, ...lines, `${END}${type}${DASHES}`, ''].join('\n');
}

/** The first block of a text that is whole; what stands before it is skipped. Throws when the text is too long. */
export function decodePem(text: string): PemBlock | undefined {
  if (text.length > MAX_PEM) throw new Error(`PEM data is larger than ${MAX_PEM} characters`);
  const lines = text.split('\n').map((line) => line.trimEnd());
  for (const [start, line] of lines.entries()) {
    if (!line.startsWith(BEGIN) || !line.endsWith(DASHES)) continue;
    const type = line.slice(BEGIN.length, -DASHES.length);
    const bytes = decodeBody(lines, start + 1, type);
    if (bytes) return { type, bytes };
  }
  return undefined;
}

/** The bytes up to the next end, which must be this type's; headers before them are skipped. */
function decodeBody(lines: readonly string[], start: number, type: string): Buffer | undefined {
  let end = start;
  while (end < lines.length && !lines[end]?.startsWith(END)) end++;
  if (lines[end] !== `${END}${type}${DASHES}`) return undefined;
  const body = lines.slice(start, end);
  const first = body.findIndex((line) => !line.includes(':'));
  const base64 = first < 0 ? '' : body.slice(first).join('').replace(/[ \t]/g, '');
  return badBase64(base64) === undefined ? Buffer.from(base64, 'base64') : undefined;
}
