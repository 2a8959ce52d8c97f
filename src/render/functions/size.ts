import { LimitFault, spend } from '../values/meter.ts';

/** The longest text that one function may take or make, in characters; no object in Kubernetes is as long. */
export const MAX_TEXT = 2 * 1024 * 1024;

/** The longest text that functions take which look at every character closely. */
export const MAX_CLOSE_TEXT = 256 * 1024;

/** The most items that one function may make. */
export const MAX_ITEMS = 250_000;

/** What all functions of one render may make together, in characters and items: memory is not theirs to fill. */
const MAX_TOTAL_TEXT = 64 * 1024 * 1024;
const MAX_TOTAL_ITEMS = 4_000_000;

/** The long texts that all functions of one render may be given together, in characters. */
const MAX_TOTAL_READ = 256 * 1024 * 1024;

/** A render is synchronous, so there is one at a time. */
const made = { characters: 0, items: 0, read: 0 };

/** Begins a render: nothing is made yet. */
export function resetMade(): void {
  made.characters = 0;
  made.items = 0;
  made.read = 0;
}

/** Refuses a text before it is made. */
export function checkTextSize(characters: number): void {
  if (characters > MAX_TEXT) throw new LimitFault(`result is larger than ${MAX_TEXT} characters`);
  made.characters += characters;
  if (made.characters > MAX_TOTAL_TEXT)
    throw new LimitFault(`all results are larger than ${MAX_TOTAL_TEXT} characters`);
  spend(characters);
}

/** Refuses a list before it is made. */
export function checkItemCount(items: number): void {
  if (items > MAX_ITEMS) throw new LimitFault(`result has more than ${MAX_ITEMS} items`);
  made.items += items;
  if (made.items > MAX_TOTAL_ITEMS)
    throw new LimitFault(`all results have more than ${MAX_TOTAL_ITEMS} items`);
  spend(items);
}

/** Counts a text that a function is given; one that no function could have made is refused. */
export function spendText(text: string): void {
  checkArgumentSize(text, MAX_TEXT);
  made.read += text.length;
  if (made.read > MAX_TOTAL_READ)
    throw new LimitFault(`all arguments are larger than ${MAX_TOTAL_READ} characters`);
  spend(text.length);
}

/** Refuses a text that is too long for a function whose work grows faster than those of others. */
export function checkArgumentSize(text: string, longest: number): void {
  if (text.length > longest) throw new LimitFault(`text is larger than ${longest} characters`);
}

/** A function that looks at every character closely takes no very long text. */
export function closely(change: (text: string) => string): (text: string) => string {
  return (text) => {
    checkArgumentSize(text, MAX_CLOSE_TEXT);
    return change(text);
  };
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
