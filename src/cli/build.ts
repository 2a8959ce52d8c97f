import { type Command, Option } from 'commander';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import { stringifyYamlDocuments } from '../lib/yaml.ts';
import { renderSet } from '../reconcile/render-set.ts';
import { setKey } from '../reconcile/schedule.ts';
import type { CommandContext } from './command-context.ts';
import { formatData } from './format-data.ts';
import { addLiveOptions, type LiveOptions } from './live-options.ts';
import { withSession } from './session.ts';
import { addSetOptions, SET_PLACES, type SetOptions } from './set-options.ts';

interface BuildOptions extends SetOptions, LiveOptions {
  readonly output: 'yaml' | 'json';
}

/** `build`: renders sets to stdout and delivers nothing. */
export function addBuildCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('build')
    .description('render the resources of GeneratorSets to stdout')
    .argument('<path...>', SET_PLACES)
    .addOption(new Option('-o, --output <format>', 'format').choices(['yaml', 'json']).default('yaml'));
  addLiveOptions(addSetOptions(command, context), context).action((paths: string[], options: BuildOptions) =>
    build(paths, options, context),
  );
}

async function build(paths: string[], options: BuildOptions, context: CommandContext): Promise<void> {
  await withSession(
    context,
    options,
    async ({ world, printer, readSets, signal }) => {
      const rendered: RenderedResource[] = [];
      for (const loaded of await readSets(paths)) {
        try {
          printer.progress(`${setKey(loaded)}: rendering`);
          const memory = new ElementMemory(() => performance.now());
          rendered.push(...(await renderSet(loaded, world, { memory, all: true, signal })));
        } catch (error) {
          signal.throwIfAborted();
          printer.failure(`${setKey(loaded)}: ${(error as Error).message}`);
          context.setExitCode(1);
        }
      }
      printer.clear();
      context.streams.stdout.write(formatResources(rendered, options.output));
    },
    { trouble: 1, places: paths },
  );
}

function formatResources(rendered: readonly RenderedResource[], output: 'yaml' | 'json'): string {
  const items = rendered.map(({ resource }) => resource);
  if (output === 'yaml') return stringifyYamlDocuments(items);
  return formatData({ apiVersion: 'v1', kind: 'List', items }, 'json');
}
