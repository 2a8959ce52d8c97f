import { type Command, Option } from 'commander';
import type { LoadedSet } from '../api/read-sets.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import type { JsonValue } from '../lib/json.ts';
import { planSet } from '../reconcile/reconcile.ts';
import { setKey } from '../reconcile/schedule.ts';
import { defaultNamespace } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';
import { notHeld, refusals, unusedApprovals } from './describe-plan.ts';
import { formatData } from './format-data.ts';
import { addLiveOptions, type LiveOptions } from './live-options.ts';
import { type PlanReport, reportToJson } from './plan-report.ts';
import { formatPlan } from './plan-text.ts';
import { type Invocation, reconcileCommand, runCommand } from './run-command.ts';
import { type Session, withSession } from './session.ts';
import {
  type ApproveOptions,
  addApproveOption,
  addSetOptions,
  addTargetOptions,
  SET_PLACES,
  type SetOptions,
  type TargetOptions,
} from './set-options.ts';
import type { Colors } from './streams.ts';

interface PlanOptions extends SetOptions, TargetOptions, ApproveOptions, LiveOptions {
  readonly output: 'text' | 'json' | 'yaml';
}

/** `plan`: the whole plan of a pass, with its reasons, and how to approve what is held; delivers nothing. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .description(
      'show the whole plan of a pass, why each value changes, and what is held until it is approved',
    )
    .argument('<path...>', SET_PLACES)
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['text', 'json', 'yaml']).default('text'),
    );
  addApproveOption(command, 'plan as if what has this digest were approved');
  addLiveOptions(addTargetOptions(addSetOptions(command, context)), context).action(
    (paths: string[], options: PlanOptions) =>
      withSession(context, options, (session) => planSets(paths, options, context, session), {
        trouble: 1,
        places: paths,
      }),
  );
}

async function planSets(
  paths: string[],
  options: PlanOptions,
  context: CommandContext,
  session: Session,
): Promise<void> {
  const { printer, signal } = session;
  const reports: PlanReport[] = [];
  for (const loaded of await session.readSets(paths)) {
    try {
      printer.progress(`${setKey(loaded)}: planning`);
      const report = await planOne(loaded, options, session);
      reports.push(report);
      for (const refusal of refusals(report.plan)) {
        printer.failure(`${setKey(loaded)}: ${refusal}`);
        context.setExitCode(1);
      }
    } catch (error) {
      signal.throwIfAborted();
      printer.failure(`${setKey(loaded)}: ${(error as Error).message}`);
      context.setExitCode(1);
    }
  }
  printer.clear();
  const plans = reports.map(({ plan }) => plan);
  for (const digest of unusedApprovals(options.approve, plans)) printer.warning(notHeld(digest));
  const { stdout, colors } = context.streams;
  stdout.write(
    formatReports(
      reports,
      { paths, options, program: context.program, defaultNamespace: defaultNamespace(context) },
      colors,
    ),
  );
}

async function planOne(
  loaded: LoadedSet,
  { approve }: PlanOptions,
  { world, signal }: Session,
): Promise<PlanReport> {
  const memory = new ElementMemory(() => performance.now());
  const pass = { memory, all: true, ...(approve && { approved: approve }), signal };
  const { description } = await world.openTarget(loaded.set, signal);
  return { loaded, target: description, ...(await planSet(loaded, world, pass)) };
}

function formatReports(
  reports: readonly PlanReport[],
  invocation: Invocation & { readonly options: PlanOptions },
  colors: Colors,
): string {
  const { approve = [], output } = invocation.options;
  // What was approved on this command line belongs to the plan that it shows.
  const commandFor = (report: PlanReport) => (digest?: string) => {
    const approved = [...approve, ...(digest === undefined ? [] : [digest])];
    const { metadata } = report.loaded.set;
    return isControllers(report.loaded)
      ? reconcileCommand(invocation, metadata, approved)
      : runCommand(invocation, approved);
  };
  const previewFor = (digest: string): string => runCommand(invocation, [...approve, digest], 'plan');
  if (output === 'text')
    return reports
      .map((report) => formatPlan(report, { colors, commandFor: commandFor(report), previewFor }))
      .join('\n');
  const data = {
    sets: reports.map((report) => reportToJson(report, commandFor(report))),
  } as unknown as JsonValue;
  return formatData(data, output);
}

/** Whether the controller delivers: a set of the cluster, and one that is applied. */
function isControllers(loaded: LoadedSet): boolean {
  const { git, directory } = loaded.set.spec.target ?? {};
  return 'object' in loaded || (!git && !directory);
}
