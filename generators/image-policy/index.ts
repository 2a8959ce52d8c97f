import { WaitingError } from '../../src/api/errors.ts';
import type { ObjectRef } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { readLatest } from './latest.ts';
import { type ImagePolicySpec, imagePolicySchema } from './schema.ts';

/** Served versions, the newest first. https://fluxcd.io/flux/components/image/imagepolicies/ */
const API_VERSIONS = ['image.toolkit.fluxcd.io/v1', 'image.toolkit.fluxcd.io/v1beta2'] as const;

/** Milliseconds until a policy without an image is looked at again where it cannot be watched. */
const RETRY_AFTER = 30_000;

/** The image that an ImagePolicy has chosen, and the one before. */
export const imagePolicy: Generator<ImagePolicySpec> = {
  name: 'imagePolicy',
  schema: imagePolicySchema,
  async generate({ policyRef }, context) {
    context.signal.throwIfAborted();
    const place = `ImagePolicy ${context.namespace}/${policyRef}`;
    const policy = await readPolicy(policyRef, context);
    if (!policy) throw new Error(`${place} does not exist`);
    const element = readLatest(policy, place);
    if (element) return [element];
    throw new WaitingError(
      'ImagePolicyNotReady',
      RETRY_AFTER,
      `${place} has no latest image yet; its own conditions say why`,
    );
  },
  query: ({ policyRef }) => `ImagePolicy ${policyRef}`,
};

/** In the newest version that there is: clusters of older Flux serve only older ones. */
async function readPolicy(
  name: string,
  { namespace, objects, signal }: GenerateContext,
): Promise<Resource | undefined> {
  const failures: Error[] = [];
  for (const apiVersion of API_VERSIONS) {
    const ref: ObjectRef = { apiVersion, kind: 'ImagePolicy', namespace, name };
    try {
      const policy = await objects.get(ref, signal);
      if (policy) return policy;
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error as Error);
    }
  }
  if (failures.length === API_VERSIONS.length) throw failures[0];
  return undefined;
}
