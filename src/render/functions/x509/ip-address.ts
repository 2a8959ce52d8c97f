/** The longest text of an address: eight groups, the last two as four decimals. */
const MAX_ADDRESS = 45;

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** The 4 or 16 bytes of an address as Go reads it; one of IPv4 inside IPv6 has 4. Undefined when it is none. */
export function parseAddress(text: string): Buffer | undefined {
  if (text.length > MAX_ADDRESS) return undefined;
  if (!text.includes(':')) return parseDecimals(text);
  const bytes = parseGroups(text);
  return bytes?.subarray(0, 12).equals(MAPPED) ? bytes.subarray(12) : bytes;
}

function parseDecimals(text: string): Buffer | undefined {
  const parts = text.split('.');
  const isAddress =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isAddress ? Buffer.from(parts.map(Number)) : undefined;
}

/** `::` stands for as many zeros as are missing, and for one group at least. */
function parseGroups(text: string): Buffer | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const sides = halves.map((half, i) => parseSide(half, i === halves.length - 1));
  const [left, right = Buffer.alloc(0)] = sides;
  if (left === undefined || sides.includes(undefined)) return undefined;
  const missing = 16 - left.length - right.length;
  const isWhole = halves.length === 1 ? missing === 0 : missing > 0;
  return isWhole ? Buffer.concat([left, Buffer.alloc(missing), right]) : undefined;
}

/** Groups on one side of `::`; the very last may be four decimals. */
function parseSide(side: string, isLast: boolean): Buffer | undefined {
  if (side === '') return Buffer.alloc(0);
  const groups = side.split(':').map((group, i, all) => {
    if (isLast && i === all.length - 1 && group.includes('.')) return parseDecimals(group);
    return /^[0-9a-f]{1,4}$/i.test(group) ? Buffer.from(group.padStart(4, '0'), 'hex') : undefined;
  });
  return groups.some((group) => group === undefined) ? undefined : Buffer.concat(groups as Buffer[]);
}
