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

/** One of `spec.templates`: `content` or `text`. */
export interface Template {
  readonly content?: JsonObject;
  readonly text?: string;
  readonly repeat?: string;
}
