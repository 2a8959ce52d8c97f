/** The longest text that one function may make, in characters. */
export const MAX_TEXT = 16 * 1024 * 1024;

/** The most items that one function may make. */
const MAX_ITEMS = 1_000_000;

/** What all functions of one render may make together, in characters and items: memory is not theirs to fill. */
const MAX_TOTAL_TEXT = 64 * 1024 * 1024;
const MAX_TOTAL_ITEMS = 4_000_000;

/** A render is synchronous, so there is one at a time. */
const made = { characters: 0, items: 0 };

/** Begins a render: nothing is made yet. */
export function resetMade(): void {
  made.characters = 0;
  made.items = 0;
}

/** Refuses a text before it is made. */
export function checkTextSize(characters: number): void {
  made.characters += characters;
  if (made.characters > MAX_TOTAL_TEXT)
    throw new Error(`all results are larger than ${MAX_TOTAL_TEXT} characters`);
  if (characters > MAX_TEXT) throw new Error(`result is larger than ${MAX_TEXT} characters`);
}

/** Refuses a list before it is made. */
export function checkItemCount(items: number): void {
  made.items += items;
  if (made.items > MAX_TOTAL_ITEMS) throw new Error(`all results have more than ${MAX_TOTAL_ITEMS} items`);
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
