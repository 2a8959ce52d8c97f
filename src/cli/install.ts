import type { Command } from 'commander';
import { addClusterOptions, type InstallOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';

/** `install`: puts the controller into a cluster, or prints what it would. */
export function addInstallCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('install')
    .description('install the controller into a cluster, or bring it to this version')
    .option('--export', 'print the manifests and ask no cluster')
    .option('--image <name>', 'image of the controller (default: the one of this version)')
    .option('--cluster-admin', 'let sets without a service account do anything in the cluster');
  addClusterOptions(command, context).action((options: InstallOptions) => install(options, context));
}

async function install(options: InstallOptions, context: CommandContext): Promise<void> {
  const { installationManifests, installInto } = await import('./install-controller.ts');
  const manifests = installationManifests(options, context);
  if (!options.export) return withCluster(context, options, (session) => installInto(session, manifests));
  const { stringifyYamlDocuments } = await import('../lib/yaml.ts');
  context.streams.stdout.write(stringifyYamlDocuments(manifests));
}
