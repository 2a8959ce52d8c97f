import { holdsText } from '../lib/holds-text.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { planContent, type Report, renderPlan } from './content-plan.ts';
import { addFailure, failuresError, noFailures } from './render-failures.ts';
import { leafOptions } from './render-field.ts';
import { copyData, mayChangeData } from './template-data.ts';
import type { TemplateSet } from './template-set.ts';

/** Renders values outside `spec.templates` by the rules of the set's templates. */
export interface ValueRenderer {
  /** Whether a text or a key of the value is a template. */
  isTemplate(value: JsonValue): boolean;
  /**
   * The value with its texts and keys rendered, each with the type that a leaf of a content has; they see `data` and
   * `.GeneratorSet`. Throws a StalledError when one doesn't parse, and a RenderError when one fails on this data;
   * their places are within the value.
   */
  render(value: JsonObject, data: JsonObject): JsonObject;
}

/** A renderer for one set. A value that is rendered again, the same object, is compiled once. */
export function createValueRenderer(set: TemplateSet): ValueRenderer {
  const identity = { Name: set.metadata.name, Namespace: set.metadata.namespace };
  const plans = new WeakMap<JsonObject, ReturnType<typeof compileValue>>();
  return {
    isTemplate: (value) => holdsText(value, leafOptions(set).delimiters[0]),
    render(value, data) {
      const plan = plans.get(value) ?? compileValue(value, set);
      plans.set(value, plan);
      const seen = { ...data, GeneratorSet: identity, GitOpsSet: identity };
      return withFailures((report) => plan(mayChangeData(value) ? copyData(seen) : seen, report));
    },
  };
}

/** Throws when a text is no template; else gives what renders the value. */
function compileValue(value: JsonObject, set: TemplateSet): (data: object, report: Report) => JsonObject {
  const plan = withFailures((report) => planContent(value, leafOptions(set), report));
  // A copy: what is static in a plan is the value's own.
  return (data, report) => structuredClone(renderPlan(plan, data, report) as JsonObject);
}

/** The result of the action, unless it reports failures: then one error tells all. */
function withFailures<T>(action: (report: Report) => T): T {
  const failures = noFailures();
  const result = action((error, path, where) => addFailure(failures, { error, path, where }));
  if (failures.count > 0) throw failuresError(failures, undefined);
  return result;
}
