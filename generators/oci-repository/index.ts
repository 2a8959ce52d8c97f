import { artifactOf, describeSource, readSource } from '../../src/api/flux-source.ts';
import { readRepositoryElements } from '../../src/api/repository-elements.ts';
import type { Generator } from '../generator.ts';
import { type OciRepositorySpec, ociRepositorySchema } from './schema.ts';

/** Gives files and directories of the artifact of a Flux OCIRepository; a new artifact gives them anew at once. */
export const ociRepository: Generator<OciRepositorySpec> = {
  name: 'ociRepository',
  schema: ociRepositorySchema,
  async generate(spec, context) {
    const { namespace, artifacts, signal } = context;
    signal.throwIfAborted();
    const source = await readSource('OCIRepository', spec.repositoryRef, context);
    const tree = await artifacts.open(artifactOf(source, namespace), signal);
    const elements = await readRepositoryElements(spec, tree, signal);
    const query = `${describeSource(source, namespace)}@${tree.revision}`;
    for (const element of elements) context.note(element, { query });
    return elements;
  },
  query: (spec) => `OCIRepository ${spec.repositoryRef}`,
};
