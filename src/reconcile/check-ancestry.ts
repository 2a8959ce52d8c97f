import { StalledError } from '../api/errors.ts';
import { API_VERSION, type GeneratorSet, KIND } from '../api/generatorset-schema.ts';
import { BUILD_FAILED } from '../api/reasons.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { apiGroup, describeResource, NAME_LABEL, NAMESPACE_LABEL } from '../api/resource.ts';

/**
 * A set may make sets, but these may make none: otherwise one that renders itself under another name would go on for
 * ever. The owner labels tell whose a set is, and no template can leave them out. Throws a StalledError.
 */
export function checkAncestry({ metadata }: GeneratorSet, resources: readonly RenderedResource[]): void {
  const { [NAME_LABEL]: name, [NAMESPACE_LABEL]: namespace } = metadata.labels ?? {};
  if (name === undefined && namespace === undefined) return;
  const child = resources.find(({ resource }) => isSet(resource));
  if (!child) return;
  throw new StalledError(
    BUILD_FAILED,
    `templates[${child.template}]: ${describeResource(child.resource)} would be the set of a set that ` +
      `GeneratorSet/${namespace ?? '?'}/${name ?? '?'} has made: only a set that nobody has made may make sets`,
  );
}

function isSet({ apiVersion, kind }: RenderedResource['resource']): boolean {
  return kind === KIND && apiGroup(apiVersion) === apiGroup(API_VERSION);
}
