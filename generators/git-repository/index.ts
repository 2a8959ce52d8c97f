import { describeSource, readSource } from '../../src/api/flux-source.ts';
import { readRepositoryElements } from '../../src/api/repository-elements.ts';
import type { Generator } from '../generator.ts';
import { openSourceTree } from './open-tree.ts';
import { type GitRepositorySpec, gitRepositorySchema } from './schema.ts';

/** Gives files and directories of the artifact of a Flux GitRepository; a new artifact gives them anew at once. */
export const gitRepository: Generator<GitRepositorySpec> = {
  name: 'gitRepository',
  schema: gitRepositorySchema,
  async generate(spec, context) {
    const { namespace, signal } = context;
    signal.throwIfAborted();
    const source = await readSource('GitRepository', spec.repositoryRef, context);
    const { tree, revision } = await openSourceTree(source, context);
    const elements = await readRepositoryElements(spec, tree, signal);
    const query = `${describeSource(source, namespace)}@${revision}`;
    for (const element of elements) context.note(element, { query });
    return elements;
  },
  query: (spec) => `GitRepository ${spec.repositoryRef}`,
};
