import { type Command, InvalidArgumentError, Option } from 'commander';
import { NAME_PATTERN } from '../api/patterns.ts';
import type { ControllerOptions } from '../controller/controller-options.ts';
import type { CommandContext } from './command-context.ts';
import { durationOption } from './duration-option.ts';
import { createPrinter } from './printer.ts';
import { listenForStop } from './stop-signals.ts';

/** `controller`: keeps the GeneratorSets of a cluster true; the flags are those of Flux's controllers. */
export function addControllerCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('controller')
    .description('run the controller: keep the GeneratorSets of a cluster true')
    .option(
      '--kubeconfig <file>',
      'kubeconfig (default: $KUBECONFIG, ~/.kube/config, or the service account of the pod)',
    )
    .option('--context <name>', 'context of the kubeconfig')
    .option('--metrics-addr <address>', 'address of /metrics; 0 for none', ':8080')
    .option('--health-addr <address>', 'address of /healthz and /readyz; 0 for none', ':9440')
    .option('--events-addr <url>', "address of Flux's notification-controller (default: none)", emptyIsNone)
    .option('--concurrent <number>', 'sets that are worked on at once', parseCount, 10)
    .addOption(
      new Option('--log-level <level>', 'least level that is logged')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .addOption(
      new Option('--log-encoding <encoding>', 'form of log lines')
        .choices(['json', 'console'])
        .default('json'),
    )
    .addOption(flag('--enable-leader-election', 'lead alone among replicas, by a Lease', false))
    .addOption(
      durationOption(
        '--leader-election-lease-duration <duration>',
        'how long others wait for a leader that is silent',
        '35s',
      ),
    )
    .addOption(
      durationOption(
        '--leader-election-renew-deadline <duration>',
        'how long a leader writes without having renewed',
        '30s',
      ),
    )
    .addOption(durationOption('--leader-election-retry-period <duration>', 'time between renewals', '5s'))
    .addOption(durationOption('--min-retry-delay <duration>', 'delay after a first failure', '750ms'))
    .addOption(durationOption('--max-retry-delay <duration>', 'longest delay after failures', '15m'))
    .addOption(flag('--watch-all-namespaces', 'look at all namespaces, not only its own', true))
    .option(
      '--watch-label-selector <selector>',
      'look only at sets with these labels (default: all)',
      emptyIsNone,
    )
    .addOption(flag('--no-cross-namespace-refs', 'refuse references to objects of other namespaces', true))
    .option(
      '--default-service-account <name>',
      'service account of sets that name none (default: the controller itself)',
      parseAccount,
    )
    .addOption(flag('--allow-loopback', 'let generators reach 127.0.0.1 and ::1, for tests', false))
    .addOption(
      flag(
        '--allow-file',
        'let sets use file:// repositories and directories of this machine, for tests',
        false,
      ),
    )
    .addOption(
      durationOption(
        '--graceful-shutdown-timeout <duration>',
        'how long passes may go on after SIGTERM',
        '20s',
      ),
    );
  command.action((options: ControllerOptions) => run(options, context));
}

async function run(options: ControllerOptions, context: CommandContext): Promise<void> {
  const printer = createPrinter(context.streams);
  const stop = listenForStop(() => true);
  try {
    // Only now: the libraries behind it take long to load.
    const { runController } = await import('../controller/run-controller.ts');
    const end = await runController(options, {
      generators: context.generators,
      version: context.version,
      env: context.env,
      destination: context.streams.stderr,
      stop: stop.gentle,
      abort: stop.hard,
    });
    if (end === 'lost') context.setExitCode(1);
  } catch (error) {
    if (!stop.hard.aborted) printer.failure((error as Error).message);
    context.setExitCode(stop.hard.aborted ? stop.exitCode() : 1);
  } finally {
    stop.release();
  }
}

/** A flag of Go's kind: `--flag`, `--flag=true` or `--flag=false`; its name may begin with `no-`. */
function flag(name: string, description: string, value: boolean): Option {
  const option = new Option(`${name} [boolean]`, description).default(value).argParser(parseBoolean);
  option.negate = false;
  return option;
}

function parseBoolean(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidArgumentError('write true or false');
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('write a number from 1 to 1000');
}

/** An empty name would be no identity at all. */
function parseAccount(text: string): string {
  if (text.length <= 253 && new RegExp(NAME_PATTERN).test(text)) return text;
  throw new InvalidArgumentError('write the name of a service account, or leave the flag out');
}

/** Manifests hand in empty values for what is not wanted. */
function emptyIsNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}
