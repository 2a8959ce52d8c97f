import { StalledError } from '../api/errors.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { ArtifactReader, HttpReader, TreeReader } from '../api/readers.ts';
import type { Download } from '../clients/artifact/artifact-reader.ts';
import { createRereadingObjectReader, emptyObjectReader } from '../clients/files/object-reader.ts';
import type { GitOptions } from '../clients/git/git-repository.ts';
import type { Logger } from '../lib/logger.ts';
import { systemAmbient } from '../reconcile/system-ambient.ts';
import type { World } from '../reconcile/world.ts';
import type { CommandContext } from './command-context.ts';
import type { LiveCluster } from './live-cluster.ts';
import type { MachineAccess } from './live-options.ts';
import { cacheFolder, type SetOptions } from './set-options.ts';

/** Milliseconds after which the files of `--objects` are read again. */
const OBJECTS_MAX_AGE = 5000;

/** What a world is made of beside the options. */
interface WorldParts {
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly live?: LiveCluster;
  /** Whether the command has `--live`; default no. */
  readonly mayBeLive?: boolean;
  /** Default: all of it. */
  readonly access?: MachineAccess;
}

interface OpenedWorld {
  readonly world: World;
  /** Tells whether an object of `--objects` has changed; empty without such a folder. */
  digestObjects(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/**
 * The world of a person's own machine: its files, its network, loopback and local repositories included. Files on
 * one's own machine are trusted as a Makefile is; sets that others wrote, of which `access` is, are not. With `live`,
 * what is no file is the cluster's. `close` ends every connection but those to it.
 */
export async function openWorld(
  context: CommandContext,
  options: SetOptions,
  { log, signal, live, mayBeLive = false, access = ALL }: WorldParts,
): Promise<OpenedWorld> {
  if (options.record !== undefined && options.replay !== undefined)
    throw new Error('give --record or --replay, not both');
  const http = lazyHttpReader(context, { ...options, ...access }, log);
  const { allowLoopback, allowFile } = access;
  const gitOptions: GitOptions = {
    cacheFolder: cacheFolder(context.env),
    allowFile,
    ...(!allowLoopback && { guard: { allowLoopback, refused: [] } }),
    log,
    onCommand: (command, repository) => log.debug(`git ${command} ${repository}`),
  };
  const files =
    options.objects === undefined
      ? undefined
      : await createRereadingObjectReader(options.objects, {
          maxAge: OBJECTS_MAX_AGE,
          now: () => performance.now(),
          signal,
        });
  const objects = files ?? live?.objects ?? emptyObjectReader;
  const world: World = {
    generators: context.generators,
    readers: {
      objects,
      http,
      git: lazyTreeReader(options, gitOptions),
      artifacts: lazyArtifactReader(http.download, log),
      log,
    },
    openTarget: async (set, signal) => {
      const { git, directory } = set.spec.target ?? {};
      if (directory && !allowFile) throw new StalledError('InvalidPath', FILES_REFUSED);
      if (!git && !directory) {
        if (live) return live.openTarget(set, signal);
        throw noTarget(set, mayBeLive);
      }
      const { openTarget } = await import('../reconcile/open-target.ts');
      return openTarget(set, { objects, gitOptions }, signal);
    },
    now: () => new Date(),
    random: Math.random,
    ambient: systemAmbient,
  };
  return { world, digestObjects: async (reading) => files?.digest(reading) ?? '', close: http.close };
}

/** The options that give a set the target that it lacks; where it is to be applied, only a cluster will do. */
function noTarget({ spec }: GeneratorSet, mayBeLive: boolean): StalledError {
  const applies = 'applying to a cluster is for the controller';
  if (spec.target?.apply) {
    const look = mayBeLive ? '; --live compares it with a cluster' : '';
    return new StalledError('NoTarget', `spec.target.apply: ${applies}${look}`);
  }
  const options = 'spec.target is missing: give --git-url (with --branch and --path) or --directory';
  return new StalledError('NoTarget', mayBeLive ? `${options}, or --live` : `${options}; ${applies}`);
}

const ALL: MachineAccess = { allowLoopback: true, allowFile: true };

const FILES_REFUSED =
  'spec.target.directory: a set of the cluster uses no files of this machine, unless --allow-file is given';

/** An HTTP reader whose libraries, which take long, are loaded by the first request. */
function lazyHttpReader(
  { version }: CommandContext,
  { record, replay, allowLoopback }: SetOptions & MachineAccess,
  log: Logger,
): HttpReader & { readonly download: Download; close(): Promise<void> } {
  const open = async () => {
    const { createHttpReader } = await import('../clients/http/http-reader.ts');
    return createHttpReader({
      allowLoopback,
      userAgent: `generatorset/${version}`,
      log,
      ...(record !== undefined && { record }),
      ...(replay !== undefined && { replay }),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    async request(request, signal) {
      opened ??= open();
      return (await opened).request(request, signal);
    },
    async download(request, signal) {
      opened ??= open();
      return (await opened).download(request, signal);
    },
    close: async () => (await opened)?.close(),
  };
}

/** A reader of artifacts whose library is loaded by the first of them. */
function lazyArtifactReader(download: Download, log: Logger): ArtifactReader {
  let reader: Promise<ArtifactReader> | undefined;
  async function openReader(): Promise<ArtifactReader> {
    const { createArtifactReader } = await import('../clients/artifact/artifact-reader.ts');
    return createArtifactReader({ download, log });
  }
  return {
    async open(artifact, signal) {
      reader ??= openReader();
      return (await reader).open(artifact, signal);
    },
  };
}

/** A reader of Git whose libraries are loaded by the first repository. */
function lazyTreeReader(options: SetOptions, gitOptions: GitOptions): TreeReader {
  let reader: Promise<TreeReader> | undefined;
  return {
    async open(repository, signal) {
      reader ??= openTreeReader(options, gitOptions);
      return (await reader).open(repository, signal);
    },
  };
}

async function openTreeReader({ record, replay }: SetOptions, gitOptions: GitOptions): Promise<TreeReader> {
  if (replay !== undefined) return (await import('../clients/git/replay-trees.ts')).replayTrees(replay);
  const { createTreeReader } = await import('../clients/git/tree-reader.ts');
  const reader = createTreeReader(gitOptions);
  if (record === undefined) return reader;
  return (await import('../clients/git/record-trees.ts')).recordTrees(record, reader);
}
