import type { Command } from 'commander';
import { addClusterOptions } from './cluster-options.ts';
import { withCluster } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { addInstallationOptions, type InstallOptions } from './install-options.ts';

/** `install`: puts the controller into a cluster, or prints what it would. */
export function addInstallCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('install')
    .description('install the controller into a cluster, or bring it to this version')
    .option('--export', 'print the manifests and ask no cluster');
  addInstallationOptions(command);
  addClusterOptions(command, context).action((options: InstallOptions) => install(options, context));
}

async function install(options: InstallOptions, context: CommandContext): Promise<void> {
  const { installationManifests, installInto } = await import('./install-controller.ts');
  if (!options.export)
    return withCluster(context, options, (session) => installInto(session, options, context));
  const { stringifyYamlDocuments } = await import('../lib/yaml.ts');
  context.streams.stdout.write(stringifyYamlDocuments(installationManifests(options, context)));
}
