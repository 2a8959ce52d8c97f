import { spend } from './meter.ts';

/** Go's strings are bytes; these are the few operations on them that a template can see. */

/** The length of a string in UTF-8 bytes. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : Buffer.byteLength(text);
}

/** The part of a string between two byte offsets; a character cut in two becomes U+FFFD. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return Buffer.from(text).subarray(start, end).toString();
}

/** The byte at an offset. */
export function byteAt(text: string, offset: number): number {
  return isAscii(text) ? text.charCodeAt(offset) : (Buffer.from(text)[offset] as number);
}

/** Whether every character is one byte. */
function isAscii(text: string): boolean {
  spend(text.length);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
