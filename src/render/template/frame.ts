import { TemplateFault } from '../values/field.ts';
import { checkTime, LimitFault } from '../values/meter.ts';
import { quoteGo } from '../values/quote.ts';
import type { Value } from '../values/value.ts';
import type { Delegate } from './isolated-handlebars.ts';
import type { FullLimits } from './limits.ts';
import type { Sink } from './sink.ts';

/** The most iterations between two looks at the clock, and as many places of a template: a long one gets fewer. */
const MAX_QUANTUM = 64;
const PLACES_PER_LOOK = 10_000;

/** What a frame runs. */
interface FrameProgram {
  readonly templates: ReadonlyMap<string, Delegate>;
  readonly limits: FullLimits;
  /** One for everything that is evaluated. */
  readonly places: { readonly length: number };
}

/** One render: where it is, where it writes, and what it may still do. */
export class Frame {
  readonly out: Sink;
  /** The place that is being evaluated. */
  at = 0;
  /** Iterations until the limits are looked at again. */
  fuel: number;
  #iterations: number;
  #depth = 0;
  readonly #quantum: number;
  readonly #limits: FullLimits;
  readonly #templates: ReadonlyMap<string, Delegate>;

  constructor(out: Sink, { templates, limits, places }: FrameProgram) {
    this.out = out;
    this.#templates = templates;
    this.#limits = limits;
    this.#iterations = limits.iterations;
    this.#quantum = Math.max(1, Math.min(MAX_QUANTUM, Math.floor(PLACES_PER_LOOK / places.length)));
    this.fuel = Math.min(this.#quantum, limits.iterations);
    this.#iterations -= this.fuel;
  }

  /** Finds a template by name, before what it is called on is evaluated. */
  find(name: string): Delegate {
    const template = this.#templates.get(name);
    if (template === undefined) throw new TemplateFault(`template ${quoteGo(name)} not defined`);
    if (this.#depth >= this.#limits.depth) {
      throw new TemplateFault(`exceeded maximum template depth (${this.#limits.depth})`);
    }
    return template;
  }

  /** Runs a template on a value. */
  call(template: Delegate, value: Value): void {
    if (--this.fuel < 0) this.refuel();
    this.#depth++;
    template(value, { partial: true, data: this });
    this.#depth--;
  }

  /** Accounts for a quantum of iterations. */
  refuel(): void {
    if (this.#iterations <= 0) throw new LimitFault(`more than ${this.#limits.iterations} loop iterations`);
    checkTime();
    const quantum = Math.min(this.#quantum, this.#iterations);
    this.#iterations -= quantum;
    // The iteration that asks is one of them.
    this.fuel = quantum - 1;
  }
}
