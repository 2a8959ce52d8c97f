import { describeElement } from '../api/element.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { describeResource, resourceId } from '../api/resource.ts';
import { sha256 } from '../lib/digest.ts';
import { checkFilePaths } from '../lib/file-path.ts';
import { stringifyJson } from '../lib/json.ts';
import { stringifyYaml } from '../lib/yaml.ts';

/** A rendered resource as the file that a target keeps of it, or as what is applied. */
export interface DesiredFile {
  /** Flux's inventory id. */
  readonly id: string;
  /** File below the target's path; the id where it is applied. */
  readonly path: string;
  /** YAML for files, JSON for what is applied. */
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

/** Resources as they are applied. That each has an identity of its own is checked where they are rendered. */
export function toDesiredObjects(resources: readonly RenderedResource[]): DesiredFile[] {
  return resources.map((rendered) => {
    const text = stringifyJson(rendered.resource);
    const id = resourceId(rendered.resource);
    return { id, path: id, text, digest: sha256(text), rendered };
  });
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
