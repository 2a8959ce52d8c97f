/** Error texts quote no more than this. */
const MAX_QUOTED = 200;

/** A text's UTF-8 bytes as one character each: Go's times are parsed byte by byte. */
export function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Bytes in quotes as Go's time package writes them: escaped when not ASCII, and cut when long. */
export function quoteBytes(bytes: string): string {
  const shown = bytes.length > MAX_QUOTED ? `${bytes.slice(0, MAX_QUOTED)}...` : bytes;
  const escaped = shown.replace(/["\\]|[^ -~\x7f]/g, (char) => {
    if (char === '"' || char === '\\') return `\\${char}`;
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
