/**
 * One line of printable text of at most so many bytes: control and invisible characters are escaped as `\u{1b}`, and
 * no character is cut in two. For everything from outside that people read.
 */
export function escapeText(text: string, bytes: number): string {
  // Each character gives one byte at least, so that no more of a long text need be looked at.
  const oneLine = text
    .slice(0, bytes + 1)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return truncate(oneLine, bytes);
}

function truncate(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes - 3;
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${encoded.toString('utf8', 0, end)}...`;
}
