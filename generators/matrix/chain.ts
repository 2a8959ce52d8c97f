import { checkSpec } from '../../src/api/check-spec.ts';
import { createElementBounds } from '../../src/api/element-bounds.ts';
import { StalledError } from '../../src/api/errors.ts';
import { canonicalJson, type JsonObject } from '../../src/lib/json.ts';
import { createLimiter } from '../../src/lib/limiter.ts';
import { askChild, type Child, placeError } from '../composition.ts';
import type { GenerateContext } from '../generator.ts';
import { type Combination, measureParts, type Part } from './combine.ts';

/** The most different specs that a chained child may be run with: each is asked for itself. */
const MAX_RUNS = 1000;
const AT_ONCE = 8;

/** One spec that a chained child is run with, and the first combination that gives it. */
interface Run {
  readonly spec: JsonObject;
  readonly combination: Combination;
  readonly index: number;
}

/**
 * Runs a child whose spec has templates once for each different spec that the combinations before it give, and says
 * what each combination gets.
 */
export async function askChained(
  child: Child,
  combinations: readonly Combination[],
  context: GenerateContext,
): Promise<(combination: Combination) => readonly Part[]> {
  const runs = new Map<string, Run>();
  const runOf = new Map<Combination, string>();
  for (const [index, combination] of combinations.entries()) {
    const spec = renderSpec(child, { combination, index }, context);
    const id = canonicalJson(spec);
    runOf.set(combination, id);
    if (!runs.has(id)) runs.set(id, { spec, combination, index });
    if (runs.size > MAX_RUNS) throw placeError(new Error(tooMany(runs.size)), child);
  }
  const parts = await askAll(child, runs, context);
  return (combination) => parts.get(runOf.get(combination) ?? '') ?? [];
}

function tooMany(count: number): string {
  return `at least ${count} different specs for the elements before it, more than the ${MAX_RUNS} that may be run; make fewer elements, or use fewer of their fields`;
}

/** The child's spec for one combination. What data made wrong can be right with other data: it is no mistake of the spec. */
function renderSpec(
  child: Child,
  place: { combination: Combination; index: number },
  context: GenerateContext,
): JsonObject {
  try {
    const spec = context.render(child.spec, { Element: place.combination.element });
    const mistake = checkSpec(spec, child.generator.schema) ?? checkRendered(child, spec);
    if (mistake !== undefined) throw new Error(`its templates give a wrong spec: ${mistake}`);
    return spec;
  } catch (error) {
    if (error instanceof StalledError) throw placeError(error, child);
    throw atElement(error as Error, { ...place, child });
  }
}

function checkRendered({ generator }: Child, spec: JsonObject): string | undefined {
  const [mistake] = generator.check?.(spec) ?? [];
  return mistake && `${mistake.path.join('.')}: ${mistake.message}`;
}

/** After the first run that fails, or is too much with all before it, no other is begun. */
async function askAll(
  child: Child,
  runs: ReadonlyMap<string, Run>,
  context: GenerateContext,
): Promise<Map<string, Part[]>> {
  const limit = createLimiter(AT_ONCE);
  const bounds = createElementBounds();
  let hasFailed = false;
  const answers = await Promise.allSettled(
    [...runs].map(([id, run]) =>
      limit(async (): Promise<[string, Part[]]> => {
        if (hasFailed) return [id, []];
        try {
          context.signal.throwIfAborted();
          const parts = await askOne(child, run, context);
          bounds.add(parts.map(({ element }) => element));
          return [id, parts];
        } catch (error) {
          hasFailed = true;
          if (context.signal.aborted) throw error;
          throw atElement(error as Error, { ...run, child });
        }
      }),
    ),
  );
  return new Map(
    answers.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason as Error;
      return answer.value;
    }),
  );
}

/** What was asked with a value of a Secret is shown as the spec has it. */
async function askOne({ generator, spec }: Child, run: Run, context: GenerateContext): Promise<Part[]> {
  const parts = measureParts(await askChild({ generator, spec: run.spec }, context));
  if (!isSecret(run.combination)) return parts;
  const query = generator.query?.(spec);
  return parts.map((part) => {
    const { query: _, ...origin } = part.origin;
    return { ...part, origin: { ...origin, ...(query !== undefined && { query }) } };
  });
}

/** Other elements may give a spec that works: the set is not stalled. What a Secret held may stand in the message. */
function atElement(
  error: Error,
  { child, combination, index }: { child: Child; combination: Combination; index: number },
): Error {
  const where = `for element ${index} before it`;
  if (isSecret(combination)) {
    // Without a cause, which would tell what the message does not.
    return placeError(new Error('fails; what it says may hold values of a Secret'), child, where);
  }
  const isFinal = error instanceof StalledError;
  return placeError(isFinal ? new Error(error.message, { cause: error }) : error, child, where);
}

function isSecret({ origins }: Combination): boolean {
  return origins.some((origin) => origin.isSecret);
}
