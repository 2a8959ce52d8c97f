import type { Plan } from './plan.ts';

/**
 * What approves a held plan: its digest, and those of changes that were approved before and are part of it, since
 * without them it would be another plan. Separated by commas.
 */
export function approvalOf({ digest, released = [] }: Plan): string {
  return [...released, digest].join(',');
}
