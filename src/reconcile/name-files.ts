import type { LoadedSet } from '../api/read-sets.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { defaultFileName } from '../lib/file-path.ts';
import { type DesiredFile, toDesiredFiles } from '../plan/desired-file.ts';
import { renderField } from '../render/render-field.ts';
import { withTemplateAmbient } from './template-ambient.ts';
import type { World } from './world.ts';

/** Gives each resource of a set its file. Throws when a path may not be written or is wanted twice. */
export function nameFiles(
  loaded: LoadedSet,
  resources: readonly RenderedResource[],
  world: World,
): DesiredFile[] {
  return withTemplateAmbient(loaded.set, world, () => toDesiredFiles(resources, fileNamer(loaded)));
}

/**
 * Names the file of each resource: `spec.target.git.filename`, rendered with what the resource's template saw and
 * the resource itself as `.Resource`, or `<namespace>-<kind>-<name>.yaml`.
 */
function fileNamer({ set, source }: LoadedSet): (rendered: RenderedResource) => string {
  const filename = set.spec.target?.git?.filename;
  if (filename === undefined) return (rendered) => defaultFileName(rendered.resource);
  const path = ['spec', 'target', 'git', 'filename'];
  return (rendered) =>
    renderField(filename, { ...rendered.data, Resource: rendered.resource }, { set, source, path });
}
