import type { Exchange, RealAnswer, Trouble } from './faulty-prometheus.ts';
import { respond } from './faulty-prometheus.ts';

/**
 * What a pass says of itself: that it failed, that its plan is held, that elements are, or that all is as it was.
 */
export type Word = 'Failed' | 'PlanHeld' | 'ElementsHeld' | 'Same';

/** One fault as it is injected once. */
export interface Injection extends Trouble {
  readonly word: Word;
  /** What the condition of the set says. */
  readonly message?: RegExp;
  /** Addresses that the name of the server leads to, those of one lookup after the other; or the error of DNS. */
  readonly addresses?: readonly (readonly string[])[] | string;
  /** Another content of a Secret; null: it is gone. `late`: not before the first question is there. */
  readonly secret?: { readonly name: string; readonly data: Readonly<Record<string, string>> | null };
  readonly isLate?: boolean;
}

/** Something that goes wrong between a set and its Prometheus. */
export interface SourceFault {
  readonly what: string;
  /** The n-th injection, from 0: where a fault has several forms, they take turns. */
  inject(n: number): Injection;
  /** How often it is injected where that is more than the others. */
  readonly times?: number;
}

/** A group of faults, for the proof in pieces. */
export interface FaultGroup {
  readonly name: string;
  readonly faults: readonly SourceFault[];
}

/** Every n-th injection takes the n-th of these forms. */
export function inTurn<T>(forms: readonly T[], n: number): T {
  return forms[n % forms.length] as T;
}

/** Which questions meet the trouble: all of them, or those of one kind. */
export const QUESTIONS = [undefined, ['memory'], ['cpu'], ['age']] as const;

/** The same text for every question that is met. */
export function answering(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Pick<Trouble, 'answer'> {
  return { answer: ({ response }) => response.writeHead(status, headers).end(body) };
}

/** The answer of Prometheus, changed as text. */
export function changing(
  change: (body: string) => string | Buffer,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Pick<Trouble, 'answer'> {
  return {
    async answer({ response, ask }: Exchange) {
      const { status, body } = await ask();
      response.writeHead(status, headers).end(change(body));
    },
  };
}

/** One series as Prometheus gives it. */
export interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: unknown];
}

/** The answer of Prometheus with other series. */
export function changingSeries(
  change: (series: readonly AnsweredSeries[]) => readonly unknown[],
): Pick<Trouble, 'answer'> {
  return changing((body) => {
    const answer = JSON.parse(body) as { data: { result: readonly AnsweredSeries[] } };
    return JSON.stringify({ ...answer, data: { ...answer.data, result: change(answer.data.result) } });
  });
}

/** What Prometheus answers to the question with other fields. */
export function asking(changed: Readonly<Record<string, string>>): Pick<Trouble, 'answer'> {
  return {
    async answer({ response, ask }: Exchange) {
      const real: RealAnswer = await ask(changed);
      respond(response, real);
    },
  };
}
