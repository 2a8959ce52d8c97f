import { TemplateFault } from '../values/field.ts';
import type { Value } from '../values/value.ts';
import type { Delegate } from './isolated-handlebars.ts';
import type { FullLimits } from './limits.ts';
import type { Sink } from './sink.ts';

/** Iterations between two looks at the clock: few, since each may call functions on large values. */
const QUANTUM = 4;

/** One render: where it is, where it writes, and what it may still do. */
export class Frame {
  readonly out: Sink;
  /** The place that is being evaluated. */
  at = 0;
  /** Iterations until the limits are looked at again. */
  fuel = QUANTUM;
  #iterations: number;
  #depth = 0;
  readonly #deadline: number;
  readonly #limits: FullLimits;
  readonly #templates: ReadonlyMap<string, Delegate>;

  constructor(out: Sink, templates: ReadonlyMap<string, Delegate>, limits: FullLimits) {
    this.out = out;
    this.#templates = templates;
    this.#limits = limits;
    this.#iterations = limits.iterations;
    this.#deadline = limits.clock() + limits.milliseconds;
    this.fuel = Math.min(QUANTUM, limits.iterations);
  }

  /** Runs a template by name on a value. */
  call(name: string, value: Value): void {
    const template = this.#templates.get(name);
    if (template === undefined) throw new TemplateFault(`template ${JSON.stringify(name)} not defined`);
    if (this.#depth >= this.#limits.depth) {
      throw new TemplateFault(`exceeded maximum template depth (${this.#limits.depth})`);
    }
    if (--this.fuel < 0) this.refuel();
    this.#depth++;
    template(value, { partial: true, data: this });
    this.#depth--;
  }

  /** Accounts for a quantum of iterations. */
  refuel(): void {
    // The iteration that asks is counted too.
    this.#iterations -= QUANTUM + 1;
    if (this.#iterations < 0) throw new TemplateFault(`more than ${this.#limits.iterations} loop iterations`);
    this.#checkTime();
    this.fuel = Math.min(QUANTUM, this.#iterations);
  }

  #checkTime(): void {
    if (this.#limits.clock() > this.#deadline) {
      throw new TemplateFault(`took longer than ${this.#limits.milliseconds} ms`);
    }
  }
}
