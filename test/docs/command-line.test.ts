import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createProgram } from '../../src/cli/program.ts';
import { COMMAND_CONTEXT } from '../harness/command-context.ts';
import { ROOT } from '../harness/run-program.ts';
import { fencedBlocks, readPage } from './pages.ts';

const page = readPage('docs/guides/command-line.md');
const COMMANDS = ['get', 'reconcile', 'suspend', 'resume', 'events', 'tree', 'logs', 'export'];

describe('the guide to commands for a cluster', () => {
  it('shows what the commands really print', () => {
    const files = globSync('test/components/cli/*.txt', { cwd: ROOT });
    const transcripts = files.map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('\n');
    const shown = fencedBlocks(page).filter(({ text }) => text.startsWith('$ generatorset '));
    const invented = shown.filter(({ text }) => !transcripts.includes(text.trimEnd()));
    assert.deepEqual(invented, []);
    for (const name of COMMANDS) {
      assert.ok(
        shown.some(({ text }) => text.startsWith(`$ generatorset ${name} `)),
        `no output of ${name}`,
      );
    }
  });

  it('names every flag of each command', async () => {
    for (const name of COMMANDS) {
      const program = await createProgram(COMMAND_CONTEXT, name);
      const command = program.commands.find((one) => one.name() === name);
      const flags = command?.options.map(({ long }) => long ?? '') ?? [];
      assert.ok(flags.length > 10, name);
      assert.deepEqual(
        flags.filter((flag) => !page.text.includes(flag)),
        [],
        name,
      );
    }
  });
});
