/**
 * The text without the characters of `blanks` at its end. Unlike a regular expression for the same, it takes no
 * longer for long runs of them in the middle.
 */
export function trimEndOf(text: string, blanks: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
