import type { Element } from './element.ts';
import type { Path } from './source.ts';

/** A part of a generator's spec that is rendered by the rules of the set's templates before the generator runs. */
export interface SpecTemplate {
  /** To an object: from the generator's spec, or from the root of the set. */
  readonly path: Path;
  /** What it sees as `.Element`, one render for each; absent where only a run can tell. */
  readonly elements?: readonly Element[];
}
