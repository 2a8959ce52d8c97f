/** Shares are counted in thousandths of a percent, so that arithmetic with them is exact; this many are a whole. */
export const WHOLE_SHARE = 100_000n;

/** Parses a share such as `20%` or `12.5%` into thousandths of a percent. Throws a RangeError that says what to write. */
export function parseShare(text: string): bigint {
  const match = /^(\d{1,4})(?:\.(\d{1,3}))?%$/.exec(text);
  if (match === null)
    throw new RangeError(`${JSON.stringify(text.slice(0, 40))} is not a share such as 20% or 12.5%`);
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole + fraction.padEnd(3, '0'));
}
