import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_NAMESPACE } from '../api/defaults.ts';
import { LABEL_PATTERN } from '../api/patterns.ts';
import type { ConnectionOverrides } from '../clients/cluster/kube-connection-overrides.ts';
import type { CommandContext } from './command-context.ts';
import { durationOption } from './duration-option.ts';

/** The options that choose a cluster and say who asks it. */
export interface ConnectionOptions extends Omit<ConnectionOverrides, 'asGroups'> {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly asGroup?: readonly string[];
}

/** The options of every command that talks to a cluster. */
export interface ClusterOptions extends ConnectionOptions {
  /** The controller's namespace for commands about it, that of the sets for commands about these. */
  readonly namespace: string;
  /** Milliseconds for the whole command; infinity: no end. */
  readonly timeout: number;
}

/** The options of `uninstall`. */
export interface UninstallOptions extends ClusterOptions {
  readonly silent?: boolean;
  readonly keepCrds?: boolean;
  readonly keepNamespace: boolean;
}

/** The options of `check`. */
export interface CheckOptions extends ClusterOptions {
  readonly pre?: boolean;
}

/** Adds the options of every command that talks to a cluster, as kubectl and flux call them. */
export function addClusterOptions(
  command: Command,
  context: CommandContext,
  namespaceOf = 'the controller',
): Command {
  return addConnectionOptions(command.optionsGroup('Cluster options:'))
    .option(
      '-n, --namespace <name>',
      `namespace of ${namespaceOf}`,
      parseNamespace,
      defaultNamespace(context),
    )
    .addOption(durationOption('--timeout <duration>', 'how long the command may take', '5m'));
}

/** What of the options stands in place of the kubeconfig. */
export function overridesOf({ asGroup, ...options }: ConnectionOptions): ConnectionOverrides {
  const { cluster, user, server, token, certificateAuthority, clientCertificate, clientKey } = options;
  const { tlsServerName, insecureSkipTlsVerify, as, asUid } = options;
  const overrides = {
    ...{ cluster, user, server, token, certificateAuthority, clientCertificate, clientKey },
    ...{ tlsServerName, insecureSkipTlsVerify, as, asGroups: asGroup, asUid },
  };
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** The options of a command whose end is nobody's concern, unless `--timeout` was given. */
export function withoutEnd<Options extends ClusterOptions>(command: Command, options: Options): Options {
  const isGiven = command.getOptionValueSource('timeout') === 'cli';
  return isGiven ? options : { ...options, timeout: Number.POSITIVE_INFINITY };
}

/** https://kubernetes.io/docs/reference/kubectl/generated/kubectl_options */
function addConnectionOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, then ~/.kube/config)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--cluster <name>', 'cluster of the kubeconfig, in place of the one of the context')
    .option('--user <name>', 'user of the kubeconfig, in place of the one of the context')
    .option('--server <url>', 'address of the API server')
    .option('--token <token>', 'bearer token for the API server')
    .option('--certificate-authority <file>', 'certificates that the one of the API server must be signed by')
    .option('--client-certificate <file>', 'certificate to show to the API server')
    .option('--client-key <file>', 'key of that certificate')
    .option('--tls-server-name <name>', 'name that the certificate of the API server must have')
    .option('--insecure-skip-tls-verify', 'do not check the certificate of the API server')
    .option('--as <user>', 'user to act as')
    .option('--as-group <group>', 'group to act as; may be given several times', collect)
    .option('--as-uid <uid>', 'uid to act as');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** The namespace where none is given: that of FLUX_SYSTEM_NAMESPACE, unless it is none, as in Flux. */
export function defaultNamespace({ env }: Pick<CommandContext, 'env'>): string {
  const name = env['FLUX_SYSTEM_NAMESPACE'];
  return name && isLabel(name) ? name : DEFAULT_NAMESPACE;
}

/** Refuses what the API server would not take for a namespace. */
export function parseNamespace(name: string): string {
  if (!isLabel(name)) throw new InvalidArgumentError('It must be a DNS label.');
  return name;
}

function isLabel(name: string): boolean {
  return name.length <= 63 && new RegExp(LABEL_PATTERN).test(name);
}
