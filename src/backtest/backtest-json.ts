import type { JsonValue } from '../lib/json.ts';
import type { Backtest, Figures, Outlay, PastCommit, PastNote } from './backtest-result.ts';
import { amountUnit, formatAmount, formatHours } from './format-figures.ts';
import { formatTime } from './period.ts';

/** Decimals of hours and amounts. */
const DECIMALS = 6;

/** A backtest as JSON for programs: stable names, times in RFC 3339, hours and amounts as numbers. */
export function backtestJson(result: Backtest): JsonValue {
  const { namespace, name, period, steps, commits, held, failed, figures, missing } = result;
  const json = {
    namespace,
    name,
    from: formatTime(period.from),
    to: formatTime(period.to),
    stepSeconds: period.step / 1000,
    resolutionSeconds: period.resolution / 1000,
    steps,
    commits: commits.map(commitJson),
    held: held.map(noteJson),
    failed: failed.map(noteJson),
    figures: figures.map(figuresJson),
    missing: missing.map(({ isFailure, ...rest }) => ({ ...rest, failure: isFailure })),
  };
  return json as unknown as JsonValue;
}

function commitJson({ time, omitted, ...commit }: PastCommit): object {
  return { time: formatTime(time), ...commit, ...(omitted > 0 && { omittedChanges: omitted }) };
}

function noteJson({ time, message }: PastNote): object {
  return { time: formatTime(time), message };
}

function figuresJson({ element, name, unit, decided, fixed, ...times }: Figures): object {
  return {
    element,
    name,
    amountUnit: amountUnit(unit),
    hours: hours(times.measured),
    hoursWithoutData: hours(times.withoutData),
    hoursWithoutDecision: hours(times.withoutDecision),
    decided: outlayJson(decided, unit),
    fixed: { value: fixed.value, source: fixed.source, ...outlayJson(fixed, unit) },
  };
}

function outlayJson({ exceeded, overProvisioned }: Outlay, unit: Figures['unit']): object {
  return {
    hoursExceeded: hours(exceeded),
    overProvisioned: Number(formatAmount(overProvisioned, unit, DECIMALS)),
  };
}

function hours(milliseconds: number): number {
  return Number(formatHours(milliseconds, DECIMALS));
}
