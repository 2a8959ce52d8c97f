import { type Command, InvalidArgumentError, Option } from 'commander';
import { NAME_PATTERN } from '../api/patterns.ts';
import type { ClusterOptions } from './cluster-options.ts';

/** What `install` may be told of the installation; a chart's values are called alike. */
export interface InstallationOptions {
  readonly registry?: string;
  readonly image?: string;
  readonly imagePullSecret?: string;
  readonly clusterAdmin?: boolean;
  readonly eventsAddr?: string;
  readonly logLevel?: string;
  readonly networkPolicy?: boolean;
  readonly tolerationKeys?: readonly string[];
  readonly watchLabelSelector?: string;
}

/** The options of `install`. */
export interface InstallOptions extends ClusterOptions, InstallationOptions {
  readonly export?: boolean;
}

/** What no part of an object may hold. */
const UNPRINTABLE = /\p{C}/u;

/** Adds what `install` may be told, under the names that `flux install` has where it has the same. */
export function addInstallationOptions(command: Command): Command {
  return command
    .option('--registry <address>', 'registry with the image of this version', parseWord)
    .option('--image <name>', 'image of the controller (default: the one of this version)', parseWord)
    .option('--image-pull-secret <name>', "Secret with the registry's credentials", parseName)
    .option('--cluster-admin', 'let sets without a service account do anything in the cluster')
    .option('--events-addr <url>', "address of Flux's notification-controller (default: none)", parseWord)
    .addOption(
      new Option('--log-level <level>', 'least level that the controller logs').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .addOption(
      new Option('--network-policy [boolean]', "let others reach the controller's metrics only")
        .default(true)
        .argParser(parseBoolean),
    )
    .option('--toleration-keys <keys>', 'taints that the controller tolerates, comma-separated', parseKeys)
    .option('--watch-label-selector <selector>', 'look only at sets with these labels', parseLine);
}

function parseBoolean(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidArgumentError('write true or false');
}

function parseWord(text: string): string {
  if (/^\S+$/.test(parseLine(text))) return text;
  throw new InvalidArgumentError('write it without spaces');
}

/** A slip of the shell is found here, and not by the controller. */
function parseLine(text: string): string {
  if (text !== '' && !UNPRINTABLE.test(text)) return text;
  throw new InvalidArgumentError('write a line of text');
}

function parseName(text: string): string {
  if (text.length <= 253 && new RegExp(NAME_PATTERN).test(text)) return text;
  throw new InvalidArgumentError('write the name of a Secret');
}

function parseKeys(text: string): string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.every((key) => /^[\w./-]{1,317}$/.test(key))) return keys;
  throw new InvalidArgumentError('write keys of taints, separated by commas');
}
