import { isOneLinePlain, isPlainString, needsEscape } from '../../lib/yaml-scalar.ts';

/** How a string is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** Words of letters, digits and the like that mean nothing to YAML: most strings. */
const ORDINARY = /^[A-EG-MP-SU-XZa-eg-mp-su-xz/][A-Za-z0-9_./-]*$/;
/** Spaces beside line breaks, which reading would fold away. */
const SPACE_BREAK = / [\n\u2028\u2029]/;
const BREAK_SPACE = /[\n\u2028\u2029] /;
const DIGITS = /^[-+]?\d[\d_]*$/;

/** The style that sigs.k8s.io/yaml writes a string in. `<<` is plain there, and as a key doesn't read back. */
export function styleOf(text: string): ScalarStyle {
  if (ORDINARY.test(text)) return 'plain';
  if (text.includes('\n')) return isLiteral(text) ? 'literal' : 'double';
  if (text === '' || needsEscape(text) || !staysString(text)) return 'double';
  if (isOneLinePlain(text)) return 'plain';
  return SPACE_BREAK.test(text) || BREAK_SPACE.test(text) ? 'double' : 'single';
}

/** Whether a string has line breaks as Go's emitter counts them; a key with one needs the form `? key`. */
export function hasBreak(text: string): boolean {
  return /[\n\r\u0085\u2028\u2029]/.test(text);
}

function isLiteral(text: string): boolean {
  return !text.endsWith(' ') && !needsEscape(text) && !SPACE_BREAK.test(text);
}

/** Whether the text, read without quotes, is a string. An integer that no float holds is one to Go. */
function staysString(text: string): boolean {
  if (DIGITS.test(text)) return !Number.isFinite(Number(text.replaceAll('_', '')));
  return isPlainString(text);
}
