/** Small Greek letters with an iota below: JavaScript writes the iota beside the capital, Go keeps one character. */
const WITH_IOTA = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/;

/** Characters whose other form no rule gives. */
const UPPER: Readonly<Record<string, string>> = { ᾳ: 'ᾼ', ῃ: 'ῌ', ῳ: 'ῼ' };

/** Letters that are two in one, as in Croatian: in a title only the first is a capital. */
const TITLE: Readonly<Record<string, string>> = {
  ...{ Ǆ: 'ǅ', ǅ: 'ǅ', ǆ: 'ǅ', Ǉ: 'ǈ', ǈ: 'ǈ', ǉ: 'ǈ' },
  ...{ Ǌ: 'ǋ', ǋ: 'ǋ', ǌ: 'ǋ', Ǳ: 'ǲ', ǲ: 'ǲ', ǳ: 'ǲ' },
};

/** Georgian letters have capitals, which titles are not written with. */
const GEORGIAN = /^[\u10d0-\u10ff]$/;

/** One character in upper case; Go maps characters one to one. */
export function upperCharacter(char: string): string {
  if (WITH_IOTA.test(char)) return String.fromCharCode(char.charCodeAt(0) + 8);
  const upper = UPPER[char] ?? char.toUpperCase();
  return [...upper].length === 1 ? upper : char;
}

/** One character as a word of a title begins. */
export function titleCharacter(char: string): string {
  return GEORGIAN.test(char) ? char : (TITLE[char] ?? upperCharacter(char));
}

/** One character in lower case; Go maps characters one to one. */
export function lowerCharacter(char: string): string {
  return [...char.toLowerCase()][0] ?? char;
}
