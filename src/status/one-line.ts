/** Characters of a message in a condition; Kubernetes allows 32,768, and five of them must stay small. */
export const MAX_MESSAGE = 2000;

/** Characters of an event's message that notification-controller takes. */
export const MAX_EVENT_MESSAGE = 39_000;

/** Characters of one line among several. */
const MAX_LINE = 2000;
const ROOM_FOR_COUNT = 40;

/** What may turn a line into several, forge another one or hide a part of it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A message on one line: its lines are joined by "; ", control characters are escaped, and too much is cut off. */
export function toOneLine(text: string, limit = MAX_MESSAGE): string {
  // Cut before the costly part, since a message may come from anywhere.
  const lines = text.slice(0, limit * 2).split(/\r?\n/);
  const joined = lines.map((line) => line.trim()).filter((line) => line !== '');
  return cut(escapeText(joined.join('; ')), limit);
}

/** Several lines, each printable, bounded and as far indented; what exceeds the limit of characters is only counted. */
export function toLines(lines: readonly string[], limit: number): string {
  const shown: string[] = [];
  let left = limit - ROOM_FOR_COUNT;
  for (const line of lines) {
    const [indent = ''] = /^ {0,4}/.exec(line) ?? [];
    const room = Math.min(limit - ROOM_FOR_COUNT - 1, MAX_LINE) - indent.length;
    const printable = `${indent}${toOneLine(line, room)}`;
    left -= printable.length + 1;
    if (left < 0) break;
    shown.push(printable);
  }
  if (shown.length < lines.length) shown.push(`... and ${lines.length - shown.length} more`);
  return shown.join('\n');
}

function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Never within a pair of surrogates: half a character is not valid in JSON for everybody. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}
