import type { Piece } from './template/compile-template.ts';

/** A rendered text in which some pieces are hidden behind marks that mean nothing to YAML. */
export interface Hidden {
  readonly text: string;
  /** Puts the pieces back in place of their marks. */
  restore(text: string): string;
}

/** Private-use characters: YAML takes them as letters. */
const OPEN = '\ue000';
const MIDDLE = '\ue002';
const CLOSE = '\ue001';
/** What a mark begins with, its number of at most eight digits. */
const OPENINGS = /\ue000(\d{1,8})\ue002/g;

/** Hides the pieces that are chosen, so that what they hold can't be taken for structure. */
export function hideValues(pieces: readonly Piece[], isHidden: (piece: Piece) => boolean): Hidden {
  if (!pieces.some(isHidden)) {
    return { text: pieces.map((piece) => piece.text).join(''), restore: (restored) => restored };
  }
  const open = freeMark(pieces);
  const hidden: string[] = [];
  const text = pieces.map((piece) => {
    if (!isHidden(piece)) return piece.text;
    hidden.push(piece.text);
    return `${open}${hidden.length - 1}${CLOSE}`;
  });
  const marks = new RegExp(`${open}(\\d+)${CLOSE}`, 'g');
  return {
    text: text.join(''),
    restore: (restored) => restored.replace(marks, (mark, index) => hidden[Number(index)] ?? mark),
  };
}

/** The beginning of a mark that stands nowhere in the pieces: values may hold any character. */
function freeMark(pieces: readonly Piece[]): string {
  const text = pieces.map((piece) => piece.text).join('');
  const taken = new Set(Array.from(text.matchAll(OPENINGS), ([, number]) => Number(number)));
  let free = 0;
  while (taken.has(free)) free++;
  return `${OPEN}${free}${MIDDLE}`;
}
