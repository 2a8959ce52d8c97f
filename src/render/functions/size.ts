/** The longest text that one function may make, in characters. */
export const MAX_TEXT = 16 * 1024 * 1024;

/** The most items that one function may make. */
export const MAX_ITEMS = 1_000_000;

/** Refuses a text before it is made. */
export function checkTextSize(characters: number): void {
  if (characters > MAX_TEXT) throw new Error(`result is larger than ${MAX_TEXT} characters`);
}

/** Refuses a list before it is made. */
export function checkItemCount(items: number): void {
  if (items > MAX_ITEMS) throw new Error(`result has more than ${MAX_ITEMS} items`);
}

/** `text.repeat(count)`, bounded; a negative count is refused as Go does. */
export function repeatText(text: string, count: number): string {
  if (count < 0) throw new Error('strings: negative Repeat count');
  checkTextSize(text.length * count);
  return text.repeat(count);
}

/** Joins texts, bounded. */
export function joinTexts(texts: readonly string[], separator: string): string {
  let size = separator.length * Math.max(0, texts.length - 1);
  for (const text of texts) size += text.length;
  checkTextSize(size);
  return texts.join(separator);
}
