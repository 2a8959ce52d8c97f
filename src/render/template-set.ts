import type { ReadyTemplate } from '../api/ready-template.ts';
import type { JsonObject } from '../lib/json.ts';

/** The part of a GeneratorSet that rendering needs. */
export interface TemplateSet {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly numbers?: 'exact' | 'go';
    readonly dialect?: 'go' | 'handlebars';
    readonly allowNonDeterministic?: boolean;
    readonly templates?: readonly Template[];
  };
}

/** One of `spec.templates`: `content`, `text`, or `from` with the ready-made template that it names. */
export interface Template {
  readonly content?: JsonObject;
  readonly text?: string;
  readonly from?: string;
  readonly values?: JsonObject;
  readonly ready?: ReadyTemplate;
  readonly repeat?: string;
}
