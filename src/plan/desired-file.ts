import { describeElement } from '../api/element.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { describeResource, resourceId } from '../api/resource.ts';
import { sha256 } from '../lib/digest.ts';
import { checkFilePaths } from '../lib/file-path.ts';
import { stringifyYaml } from '../lib/yaml.ts';

/** A rendered resource as the file that a target keeps of it. */
export interface DesiredFile {
  /** Flux's inventory id. */
  readonly id: string;
  /** File below the target's path. */
  readonly path: string;
  readonly text: string;
  /** `sha256:` of the text. */
  readonly digest: string;
  readonly rendered: RenderedResource;
}

/**
 * Gives each resource its file. Throws when a path may not be written, or when two resources
 * want the same file; it names both.
 */
export function toDesiredFiles(
  resources: readonly RenderedResource[],
  fileName: (rendered: RenderedResource) => string,
): DesiredFile[] {
  const byPath = new Map<string, RenderedResource>();
  const files = resources.map((rendered) => {
    const path = fileName(rendered);
    const other = byPath.get(path);
    if (other) throw samePath(path, other, rendered);
    byPath.set(path, rendered);
    const text = stringifyYaml(rendered.resource);
    return { id: resourceId(rendered.resource), path, text, digest: sha256(text), rendered };
  });
  checkFilePaths([...byPath.keys()]);
  return files;
}

function samePath(path: string, one: RenderedResource, other: RenderedResource): Error {
  const [first, second] = [one, other].map(
    (rendered) =>
      `${describeResource(rendered.resource)} (templates[${rendered.template}], element ${describeElement(rendered.from)})`,
  );
  return new Error(
    `${first} and ${second} have the same file ${JSON.stringify(path)}: give each a file of its own`,
  );
}
