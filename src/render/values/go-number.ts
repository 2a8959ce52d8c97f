/** The kinds of integer that templates meet. */
export type IntKind = 'int' | 'int64' | 'int32' | 'uint8' | 'uint64';

/** A Go integer. Its value is a number while that is exact, a bigint beyond. */
export class GoInt {
  readonly n: number | bigint;
  readonly kind: IntKind;

  constructor(n: number | bigint, kind: IntKind) {
    this.n = n;
    this.kind = kind;
  }

  /** The value as a JavaScript number; beyond 2^53 the nearest one. */
  get number(): number {
    return Number(this.n);
  }

  toString(): string {
    return String(this.n);
  }
}

/** A Go complex128, which only imaginary literals produce. */
export class GoComplex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

const SMALL = 1024;
const smallInts: readonly GoInt[] = Array.from({ length: SMALL }, (_, i) => new GoInt(i, 'int'));

/** A Go integer from a number or bigint; values beyond 64 bits wrap as Go's do. `kind` defaults to int. */
export function goInt(value: number | bigint, kind: IntKind = 'int'): GoInt {
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (kind === 'int' && value >= 0 && value < SMALL) return smallInts[value] as GoInt;
    return new GoInt(value + 0, kind);
  }
  const wrapped = BigInt.asIntN(64, BigInt(value));
  const small = Number(wrapped);
  return new GoInt(Number.isSafeInteger(small) ? small : wrapped, kind);
}
