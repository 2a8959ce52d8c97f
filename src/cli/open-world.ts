import type { TreeReader } from '../api/readers.ts';
import { createRereadingObjectReader, emptyObjectReader } from '../clients/files/object-reader.ts';
import type { GitOptions } from '../clients/git/git-repository.ts';
import { recordTrees } from '../clients/git/record-trees.ts';
import { replayTrees } from '../clients/git/replay-trees.ts';
import { createTreeReader } from '../clients/git/tree-reader.ts';
import { createHttpReader } from '../clients/http/http-reader.ts';
import type { Logger } from '../lib/logger.ts';
import { openTarget } from '../reconcile/open-target.ts';
import type { World } from '../reconcile/world.ts';
import type { CommandContext } from './command-context.ts';
import { cacheFolder, type SetOptions } from './set-options.ts';
import { systemAmbient } from './system-ambient.ts';

/** Milliseconds after which the files of `--objects` are read again. */
const OBJECTS_MAX_AGE = 5000;

/**
 * The world of a person's own machine: its files, its network, loopback and local repositories included. Files on
 * one's own machine are trusted as a Makefile is. `close` ends every connection.
 */
export async function openWorld(
  context: CommandContext,
  options: SetOptions,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<{ world: World; close(): Promise<void> }> {
  if (options.record !== undefined && options.replay !== undefined)
    throw new Error('give --record or --replay, not both');
  const { record, replay } = options;
  const http = createHttpReader({
    allowLoopback: true,
    userAgent: `generatorset/${context.version}`,
    log,
    ...(record !== undefined && { record }),
    ...(replay !== undefined && { replay }),
  });
  const gitOptions: GitOptions = {
    cacheFolder: cacheFolder(context.env),
    allowFile: true,
    log,
    onCommand: (command, repository) => log.debug(`git ${command} ${repository}`),
  };
  const objects =
    options.objects === undefined
      ? emptyObjectReader
      : await createRereadingObjectReader(options.objects, {
          maxAge: OBJECTS_MAX_AGE,
          now: () => performance.now(),
          signal,
        });
  const world: World = {
    generators: context.generators,
    readers: { objects, http, git: treeReader(options, gitOptions), log },
    openTarget: (set, signal) => openTarget(set, { objects, gitOptions }, signal),
    now: () => new Date(),
    random: Math.random,
    ambient: systemAmbient,
  };
  return { world, close: () => http.close() };
}

function treeReader({ record, replay }: SetOptions, gitOptions: GitOptions): TreeReader {
  if (replay !== undefined) return replayTrees(replay);
  const reader = createTreeReader(gitOptions);
  return record === undefined ? reader : recordTrees(record, reader);
}
