import { type Command, Option } from 'commander';
import type { ElementState } from '../api/element-state.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import type { JsonValue } from '../lib/json.ts';
import type { Plan } from '../plan/plan.ts';
import { planSet } from '../reconcile/reconcile.ts';
import { setKey } from '../reconcile/schedule.ts';
import type { Pass, World } from '../reconcile/world.ts';
import { colorDiff } from './color-diff.ts';
import type { CommandContext } from './command-context.ts';
import { countActions, heldElements, planToJson, refusals, skippedFiles } from './describe-plan.ts';
import { fileDiff } from './file-diff.ts';
import { formatData } from './format-data.ts';
import { addLiveOptions, type LiveOptions } from './live-options.ts';
import { type Session, withSession } from './session.ts';
import {
  addSetOptions,
  addTargetOptions,
  SET_PLACES,
  type SetOptions,
  type TargetOptions,
} from './set-options.ts';
import type { Streams } from './streams.ts';

interface DiffOptions extends SetOptions, TargetOptions, LiveOptions {
  readonly output: 'diff' | 'json';
}

/** The exit codes of `diff`, as kubectl and Flux have them. */
const DIFFERENCES = 1;
export const TROUBLE = 2;

interface SetPlan {
  readonly loaded: LoadedSet;
  readonly plan: Plan;
  readonly elements: readonly ElementState[];
  /** A pass would change something: what is held it leaves as it is. */
  readonly differs: boolean;
}

/** `diff`: what a pass would change in the target; exits 0 for nothing, 1 for differences, 2 for trouble. */
export function addDiffCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('diff')
    .description(
      'show what a pass would change in the target (exit code 0: nothing, 1: differences, 2: trouble)',
    )
    .argument('<path...>', SET_PLACES)
    .addOption(new Option('-o, --output <format>', 'format').choices(['diff', 'json']).default('diff'));
  addLiveOptions(addTargetOptions(addSetOptions(command, context)), context).action(
    (paths: string[], options: DiffOptions) =>
      withSession(context, options, (session) => diffSets(paths, options, context, session), {
        trouble: TROUBLE,
        places: paths,
      }),
  );
}

async function diffSets(
  paths: string[],
  options: DiffOptions,
  context: CommandContext,
  { world, printer, readSets, signal }: Session,
): Promise<void> {
  const plans: SetPlan[] = [];
  let failed = false;
  for (const loaded of await readSets(paths)) {
    try {
      printer.progress(`${setKey(loaded)}: comparing`);
      const pass = { memory: new ElementMemory(() => performance.now()), all: true, signal };
      const planned = await planAgainstTarget(loaded, world, pass);
      plans.push(planned);
      sayPlan(planned, printer);
      failed ||= refusals(planned.plan).length > 0;
    } catch (error) {
      signal.throwIfAborted();
      printer.failure(`${setKey(loaded)}: ${(error as Error).message}`);
      failed = true;
    }
  }
  printer.clear();
  writePlans(plans, options.output, context.streams);
  if (failed) context.setExitCode(TROUBLE);
  else if (plans.some(({ differs }) => differs)) context.setExitCode(DIFFERENCES);
}

async function planAgainstTarget(loaded: LoadedSet, world: World, pass: Pass): Promise<SetPlan> {
  const { plan, isReal, rendered } = await planSet(loaded, world, pass);
  return { loaded, plan, elements: rendered.elements, differs: isReal && !plan.held };
}

function sayPlan({ loaded, plan, elements }: SetPlan, printer: Session['printer']): void {
  const name = setKey(loaded);
  const { held, heldChanges, digest } = plan;
  for (const refusal of refusals(plan)) printer.failure(`${name}: ${refusal}`);
  for (const file of skippedFiles(plan)) printer.warning(`${name}: ${file}`);
  for (const element of heldElements(elements)) printer.warning(`${name}: ${element}`);
  if (heldChanges) printer.warning(`${name}: held: ${heldChanges.message} (digest ${heldChanges.digest})`);
  if (held)
    printer.warning(`${name}: a pass would be held: ${held.message} (digest ${digest}); plan shows it`);
  else if (refusals(plan).length === 0) printer.success(`${name}: ${countActions(plan)}`);
}

function writePlans(plans: readonly SetPlan[], output: 'diff' | 'json', streams: Streams): void {
  const { stdout } = streams;
  if (output === 'json') {
    const sets = plans.map(({ loaded, plan, differs }) => {
      const { namespace, name } = loaded.set.metadata;
      return { namespace, name, differs, ...planToJson(plan) };
    });
    stdout.write(formatData({ sets } as unknown as JsonValue, 'json'));
    return;
  }
  for (const { plan, loaded } of plans.filter(({ plan }) => !plan.held)) {
    // So that `git apply` in the root of the repository takes it.
    const root = loaded.set.spec.target?.git?.path ?? '';
    for (const change of plan.changes) stdout.write(colorDiff(fileDiff(change, root), streams));
  }
}
