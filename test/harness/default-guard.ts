import type { Guard } from '../../src/api/generatorset-schema.ts';

/** The guard of a set that says nothing of it. */
export const DEFAULT_GUARD: Guard = { onEmpty: 'hold', maxPrune: '20%' };
