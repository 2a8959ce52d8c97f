import type { Command } from 'commander';
import { generatorSetSchema } from '../api/generatorset-schema.ts';
import type { CommandContext } from './command-context.ts';

/** `schema`: the JSON Schema of a GeneratorSet, for editors. */
export function addSchemaCommand(program: Command, { generators, streams }: CommandContext): void {
  program
    .command('schema')
    .description('print the JSON Schema of GeneratorSet, for editors and linters')
    .action(() => {
      const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
      streams.stdout.write(`${JSON.stringify(generatorSetSchema(schemas), null, 2)}\n`);
    });
}
