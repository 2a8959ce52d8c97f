import { StalledError } from '../api/errors.ts';
import type { ReadyEntry, ReadyTemplate, ReadyValue } from '../api/ready-template.ts';
import type { Path, Source } from '../api/source.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { Report } from './content-plan.ts';
import type { LeafOptions } from './leaf.ts';
import { planValues, type ValuesPlan } from './plan-values.ts';
import { mayChangeData } from './template-data.ts';
import { planTemplate, type TemplatePlan } from './template-plan.ts';
import type { Template } from './template-set.ts';

/** Where a template of the library stands; its failures are told there. */
export interface LibraryPlace {
  readonly source: Source;
  /** Of the template in its file. */
  readonly root: Path;
  /** Whether the `repeat` is the library's too. */
  readonly hasRepeat: boolean;
}

/** One template of a ready-made one, compiled, and what it is repeated for. */
export interface PlannedReady {
  readonly plan: TemplatePlan;
  readonly repeat?: string;
  readonly library: LibraryPlace;
}

/** Takes what is wrong; with a place, it is in the library. */
type ReportIn = (library?: LibraryPlace) => Report;

/**
 * Compiles a ready-made template of a set: its values as templates of the set, its own templates in Go's dialect with
 * `{{ }}`. What doesn't parse is reported.
 */
export function planReady(template: Template, options: LeafOptions, reportIn: ReportIn): PlannedReady[] {
  const { from = '', ready, values = {} } = template;
  if (!ready) {
    const message = `the ready-made template ${JSON.stringify(from)} is not known here`;
    reportIn()(new StalledError('InvalidTemplate', message), ['from'], 'value');
    return [];
  }
  const report: Report = (error, path, where) => reportIn()(error, ['values', ...path], where);
  const given = withoutNulls(values);
  const plan = planValues({ given, defaults: defaultsOf(ready) }, options, report);
  const changesData = mayChangeData(given);
  return ready.templates.flatMap((entry, index) => {
    const planned = planEntry(template, { ready, entry, index }, reportIn);
    return plan && planned
      ? [{ ...planned, plan: withValues(planned.plan, plan, { index, changesData }) }]
      : [];
  });
}

/** One of the library's templates, which sees `.Values`. */
function planEntry(
  template: Template,
  { ready, entry, index }: { ready: ReadyTemplate; entry: ReadyEntry; index: number },
  reportIn: ReportIn,
): PlannedReady | undefined {
  const repeat = template.repeat ?? entry.repeat;
  const hasRepeat = template.repeat === undefined;
  const library = { source: ready.source, root: ['templates', index], hasRepeat };
  const own = { ...entry, ...(repeat !== undefined && { repeat }) };
  const plan = planTemplate(own, libraryOptions(ready), reportIn(library));
  return plan && { plan, library, ...(repeat !== undefined && { repeat }) };
}

/** Those of the library, whatever dialect, delimiters and permissions the set has. */
function libraryOptions({ name }: ReadyTemplate): LeafOptions {
  return {
    name,
    delimiters: ['{{', '}}'],
    missingKey: 'error',
    numbers: 'exact',
    dialect: 'go',
    limits: { output: MAX_OUTPUT },
  };
}

/** Characters of one leaf or one text; the largest object that Kubernetes stores has 1.5 MiB. */
const MAX_OUTPUT = 4 * 1024 * 1024;

/** The plan for data that has no values yet. Values that fail are reported by the first template of several. */
function withValues(
  plan: TemplatePlan,
  values: ValuesPlan,
  { index, changesData }: { index: number; changesData: boolean },
): TemplatePlan {
  return {
    ...plan,
    changesData: plan.changesData || changesData,
    render(data, report) {
      let isWrong = false;
      const found = values.render(data, (error, path, where) => {
        isWrong = true;
        if (index === 0) report(error, ['values', ...path], where);
      });
      return isWrong ? [] : plan.render({ ...data, Values: found }, report);
    },
    leafFinder: (data) => plan.leafFinder({ ...data, Values: values.render(data, () => {}) }),
    through: values.through,
  };
}

/** A key with nothing behind it leaves the default. */
function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function defaultsOf({ values }: ReadyTemplate): JsonObject {
  const hasDefault = (entry: [string, ReadyValue]): entry is [string, ReadyValue & { default: JsonValue }] =>
    entry[1].default !== undefined;
  return Object.fromEntries(
    Object.entries(values)
      .filter(hasDefault)
      .map(([name, value]) => [name, value.default]),
  );
}
