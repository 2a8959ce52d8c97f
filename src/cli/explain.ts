import { type Command, Option } from 'commander';
import { describeElement } from '../api/element.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { StoredLoadedSet } from '../controller/load-stored-set.ts';
import { escapeText } from '../lib/escape-text.ts';
import type { JsonValue } from '../lib/json.ts';
import { describeClosest } from '../plan/closest.ts';
import { type Explanation, explainResource } from '../plan/explain.ts';
import { describeName, findResource } from '../plan/find-resource.ts';
import { setKey } from '../reconcile/schedule.ts';
import type { CommandContext } from './command-context.ts';
import { describeFields } from './describe-explanation.ts';
import { readInput } from './explain-input.ts';
import { formatData } from './format-data.ts';
import { findKnownResources, type KnownResource, type KnownSet } from './known-resources.ts';
import { addLiveOptions, type LiveOptions } from './live-options.ts';
import { type Session, withSession } from './session.ts';
import { addSetOptions, addTargetOptions, type SetOptions, type TargetOptions } from './set-options.ts';
import type { Streams } from './streams.ts';

/** Elements that are held, of which an error tells. */
const MAX_HELD = 5;

/** Bytes of a line about the resource. */
const MAX_TITLE = 1000;

interface ExplainOptions extends SetOptions, TargetOptions, LiveOptions {
  readonly set?: string;
  readonly output?: 'json' | 'yaml';
}

/** What is to be explained, as the command line says it. */
interface Wanted {
  readonly path: string;
  readonly resource: string;
  readonly field?: string | undefined;
}

/** `explain`: where the fields of a resource come from; delivers nothing. */
export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('explain')
    .description(
      'say where the fields of a resource come from: template, decision, element and answer, as a pass would use them now',
    )
    .argument(
      '<set>',
      'file or folder with the GeneratorSet; - is stdin; gset/NAME is the one in the cluster',
    )
    .argument('<resource>', 'Kind/name, Kind/namespace/name, kind.group/name, its file, or its inventory id')
    .argument(
      '[field]',
      'a field such as spec.replicas, or what it is below of (default: all that read something)',
    )
    .option('--set <name>', 'name or namespace/name of the set, where there are several')
    .addOption(new Option('-o, --output <format>', 'format').choices(['json', 'yaml']));
  addLiveOptions(addTargetOptions(addSetOptions(command, context)), context).action(
    (path: string, resource: string, field: string | undefined, options: ExplainOptions) =>
      withSession(
        context,
        options,
        (session) => explain({ path, resource, field }, options, context, session),
        { trouble: 1, places: [path] },
      ),
  );
}

async function explain(
  wanted: Wanted,
  options: ExplainOptions,
  { streams }: CommandContext,
  session: Session,
): Promise<void> {
  const loaded = chooseSet(await session.readSets([wanted.path]), options.set);
  if (!loaded) return;
  const { output } = options;
  const known = await findOrFail(loaded, session);
  if (known instanceof Error) {
    const { explainByStatus, describeStatusAnswer } = await import('./explain-by-status.ts');
    const answer = await explainByStatus(loaded as StoredLoadedSet, { ...wanted, why: known }, session);
    session.printer.clear();
    const text = output
      ? formatData(answer as unknown as JsonValue, output)
      : describeStatusAnswer(answer, streams);
    streams.stdout.write(text);
    return;
  }
  const resource = findIn(known, wanted.resource, loaded);
  const explanation = resource.file && explainFile(loaded, { file: resource.file, wanted, known });
  session.printer.clear();
  const answer = { loaded, resource, explanation };
  streams.stdout.write(output ? formatData(toValue(answer), output) : describe(answer, streams));
}

/** Of a set of the cluster also why it can't be rendered from here: its status says something all the same. */
async function findOrFail(loaded: LoadedSet, session: Session): Promise<KnownSet | Error> {
  try {
    return await findKnownResources(loaded, session);
  } catch (error) {
    session.signal.throwIfAborted();
    if (!('object' in loaded)) throw error;
    return error as Error;
  }
}

/** The set that is meant; undefined where none can be used, which was said already. */
function chooseSet(sets: readonly LoadedSet[], name: string | undefined): LoadedSet | undefined {
  const keys = sets.map(setKey);
  if (name === undefined) {
    if (sets.length <= 1) return sets[0];
    throw new Error(`there are ${sets.length} sets: say which with --set, such as --set ${keys[0]}`);
  }
  const found = sets.filter(({ set }, index) => keys[index] === name || set.metadata.name === name);
  if (found.length === 1) return found[0];
  const what = `set ${JSON.stringify(name)}`;
  if (found.length === 0) throw new Error(`no ${what}${describeClosest(name, keys)}`);
  throw new Error(`more than one ${what}: give its namespace too, such as --set ${found.map(setKey)[0]}`);
}

/** Where the resource is unknown, elements that are held may be why. */
function findIn({ resources, held }: KnownSet, wanted: string, loaded: LoadedSet): KnownResource {
  try {
    return findResource(wanted, resources);
  } catch (error) {
    const why = held.map(
      ({ element, reason, message }) =>
        `\n  element ${describeElement(element)} is held (${reason}): ${message}`,
    );
    throw new Error(`${setKey(loaded)}: ${(error as Error).message}${why.slice(0, MAX_HELD).join('')}`, {
      cause: error,
    });
  }
}

function explainFile(
  { set, source }: LoadedSet,
  { file, wanted, known }: { file: NonNullable<KnownResource['file']>; wanted: Wanted; known: KnownSet },
): Explanation {
  const { from } = file.rendered;
  const element = known.elements.find(({ index }) => index === from.index) ?? from;
  return explainResource(file, {
    ...(wanted.field !== undefined && { field: wanted.field }),
    set: { source, templates: set.spec.templates },
    delivered: known.delivered,
    readInput: (name) => readInput(set, name, element),
  });
}

/** What was found out. */
interface Answer {
  readonly loaded: LoadedSet;
  readonly resource: KnownResource;
  /** Absent for a resource that is not rendered now. */
  readonly explanation: Explanation | undefined;
}

function describe({ resource, explanation }: Answer, { colors }: Streams): string {
  const [path] = resource.paths;
  const title = path === undefined ? describeName(resource) : `${describeName(resource)} (${path})`;
  const heading = colors.bold(escapeText(title, MAX_TITLE));
  if (!explanation) return `${heading}\n${escapeText(resource.absence ?? '', MAX_TITLE)}\n`;
  const { fields, omitted } = explanation;
  const rest = omitted > 0 ? `\n... and ${omitted} fields more: name one to see it\n` : '';
  return `${heading}\n${describeFields(fields, colors)}${rest}`;
}

/** The answer for programs: stable names, the links of a chain as fields. */
function toValue({ loaded, resource, explanation }: Answer): JsonValue {
  const { namespace, name } = loaded.set.metadata;
  const { id, paths, absence } = resource;
  const value = { set: { namespace, name }, id, path: paths[0], rendered: explanation !== undefined };
  return {
    ...value,
    ...(absence !== undefined && { reason: absence }),
    ...explanation,
  } as unknown as JsonValue;
}
