import type { FaultGroup } from './source-fault.ts';
import { ANSWER_FAULTS } from './source-faults-answers.ts';
import { CONTENT_FAULTS } from './source-faults-contents.ts';
import { NETWORK_FAULTS } from './source-faults-network.ts';

/** All that may go wrong between a set and its Prometheus. */
export const SOURCE_FAULTS: readonly FaultGroup[] = Object.entries({
  ...NETWORK_FAULTS,
  ...ANSWER_FAULTS,
  ...CONTENT_FAULTS,
}).map(([name, faults]) => ({ name, faults }));
