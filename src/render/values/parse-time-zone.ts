/**
 * The length of the zone's abbreviation that a text begins with, by Go's rules; undefined when there is none. Three to
 * five capital letters are one, of which four and five must end in T; so are `GMT+3`, `+03`, ChST, MeST and WITA.
 */
export function parseTimeZone(text: string): number | undefined {
  if (text.length < 3) return undefined;
  if (/^(?:ChST|MeST)/.test(text)) return 4;
  if (text.startsWith('GMT')) return 3 + signedHoursLength(text.slice(3));
  if (/^[+-]/.test(text)) return signedHoursLength(text) || undefined;
  const capitals = /^[A-Z]{0,6}/.exec(text)?.[0] ?? '';
  switch (capitals.length) {
    case 3:
      return 3;
    case 4:
      return capitals.endsWith('T') || capitals === 'WITA' ? 4 : undefined;
    case 5:
      return capitals.endsWith('T') ? 5 : undefined;
    default:
      return undefined;
  }
}

/** The length of a signed number of at most 23 hours; 0 when there is none. */
function signedHoursLength(text: string): number {
  const hours = /^[+-](\d+)/.exec(text);
  return hours === null || Number(hours[1]) > 23 ? 0 : hours[0].length;
}
