import type { GeneratedElement } from './element.ts';
import type { Resource } from './resource.ts';

/** A scalar of the element that a leaf of the resource really read. */
export interface Read {
  /** Path below the template's data, as a template writes it: `.Element.data.result[0].value[1]`. */
  readonly path: string;
  readonly value: string | number | bigint | boolean | null;
}

/** A resource together with what it was rendered from. */
export interface RenderedResource {
  readonly resource: Resource;
  readonly from: GeneratedElement;
  /** Position under `spec.templates`. */
  readonly template: number;
  /** Position in the repeat of this element and template. */
  readonly repeatIndex: number;
  /** The data that its templates saw; `filename` is rendered with it too. */
  readonly data: object;
  /**
   * The scalars read by the leaf at this path of the resource (keys and indexes from the root), found by
   * rendering that leaf once more under observation. Rendering is hermetic, so this is what happened.
   */
  reads(path: readonly (string | number)[]): Read[];
}
