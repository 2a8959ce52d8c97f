import { apiClient } from './api-client/index.ts';
import type { Generator } from './generator.ts';
import { gitDirectory } from './git-directory/index.ts';
import { list } from './list/index.ts';
import { prometheus } from './prometheus/index.ts';

/** Every generator, in the order in which they are documented: one line each. */
export const generators = [
  list,
  apiClient,
  prometheus,
  gitDirectory,
] as const satisfies readonly Generator<never>[];
