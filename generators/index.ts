import { apiClient } from './api-client/index.ts';
import { cluster } from './cluster/index.ts';
import { config } from './config/index.ts';
import type { Generator } from './generator.ts';
import { gitDirectory } from './git-directory/index.ts';
import { gitRepository } from './git-repository/index.ts';
import { imagePolicy } from './image-policy/index.ts';
import { list } from './list/index.ts';
import { createMatrix } from './matrix/index.ts';
import { createMerge } from './merge/index.ts';
import { object } from './object/index.ts';
import { ociRepository } from './oci-repository/index.ts';
import { prometheus } from './prometheus/index.ts';
import { pullRequests } from './pull-requests/index.ts';

/** Those that run no other, in the order in which they are documented: one line each. */
const single = [
  list,
  apiClient,
  prometheus,
  gitDirectory,
  gitRepository,
  ociRepository,
  pullRequests,
  config,
  object,
  cluster,
  imagePolicy,
] as const satisfies readonly Generator<never>[];

/** The same object wherever it may stand, so that its schema is compiled once. */
const merge = createMerge(single);

/** Every generator, in the order in which they are documented. */
export const generators = [
  ...single,
  createMatrix([...single, merge]),
  merge,
] as const satisfies readonly Generator<never>[];
