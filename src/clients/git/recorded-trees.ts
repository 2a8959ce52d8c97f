/** Trees of repositories written to a folder, and read from there again without any network. */
export { recordTrees } from './record-trees.ts';
export { replayTrees } from './replay-trees.ts';
