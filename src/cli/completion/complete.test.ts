import assert from 'node:assert/strict';
import { Argument, Command, Option } from 'commander';
import { completeCommand, type LiveValues } from './complete.ts';

const LIVE: LiveValues = {
  setNames: async () => ['memory', 'podinfo'],
  namespaces: async () => ['default', 'flux-system'],
  kubeconfigNames: async (list) => [`one of ${list}`],
};

/** A command with everything that is completed in its own way. */
function createCommand(argument: string, { live = true } = {}): Command {
  const command = new Command('some')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .argument(argument)
    .addOption(new Option('-o, --output <format>', 'format').choices(['diff', 'json']))
    .option('-n, --namespace <name>', 'namespace')
    .option('--replay <dir>', 'folder')
    .option('--kubeconfig <file>', 'file')
    .option('--for <kind/name>', 'one set')
    .option('--interval <duration>', 'interval');
  return live
    ? command.option('--context <name>').option('--cluster <name>').option('--user <name>')
    : command;
}

describe('completeCommand', () => {
  const cases: [words: string[], argument: string, expected: string][] = [
    [[''], '[name...]', 'bash zsh :4'],
    [['z'], '[name...]', 'zsh :4'],
    [['bash', ''], '[name...]', 'memory podinfo :4'],
    [['bash', 'memory', 'p'], '[name...]', 'podinfo :4'],
    [['bash', 'memory', ''], '<name>', ':4'],
    [['bash', ''], '<path...>', ':0'],
    [['bash', 'g'], '<path...>', ':0'],
    [['bash', 'gs'], '<path...>', 'gset/ :6'],
    [['bash', 'gset/m'], '<path...>', 'gset/memory :4'],
    [['bash', ''], '<file...>', ':0'],
    [['bash', ''], '[dir...]', ':16'],
    [['bash', ''], '<resource>', ':4'],
    [['-o', ''], '<path>', 'diff json :4'],
    [['--output=j'], '<path>', 'json :4'],
    [['-n', 'f'], '<path>', 'flux-system :4'],
    [['--namespace=d'], '<path>', 'default :4'],
    [['--replay', ''], '<path>', ':16'],
    [['--kubeconfig', ''], '<path>', ':0'],
    [['--context', ''], '<path>', 'one of contexts :4'],
    [['--cluster', ''], '<path>', 'one of clusters :4'],
    [['--user', ''], '<path>', 'one of users :4'],
    [['--for', 'GeneratorSet/m'], '<path>', 'GeneratorSet/memory :4'],
    [['--interval', ''], '<path>', ':4'],
    [['--na'], '<path>', '--namespace :4'],
    [['-n'], '<path>', '-n :4'],
  ];
  for (const [words, argument, expected] of cases) {
    it(`gives ${JSON.stringify(expected)} for ${JSON.stringify(words)} of ${argument}`, async () => {
      const { candidates, directive } = await completeCommand(createCommand(argument), words, LIVE);
      assert.equal([...candidates.map(({ value }) => value), `:${directive}`].join(' '), expected);
    });
  }

  it('asks no cluster for a command that uses none', async () => {
    const command = createCommand('<path...>', { live: false });
    const words = ['bash', 'gset/'];
    assert.deepEqual(await completeCommand(command, words, LIVE), { candidates: [], directive: 0 });
  });

  it('describes options as help does', async () => {
    const { candidates } = await completeCommand(createCommand('<path>'), ['--repl'], LIVE);
    assert.deepEqual(candidates, [{ value: '--replay', description: 'folder' }]);
  });
});
