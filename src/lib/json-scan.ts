const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a character code opens a list or an object of JSON. */
export function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

/** Whether a character code closes a list or an object of JSON. */
export function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

/** Whether a character code begins a string of JSON. */
export function isQuote(code: number): boolean {
  return code === QUOTE;
}

/** Where the string that begins at `start` ends; the length of a text that has no end. */
export function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}
