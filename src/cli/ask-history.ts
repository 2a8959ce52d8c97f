import type { LoadedSet } from '../api/read-sets.ts';
import type { AskHistory } from '../backtest/history.ts';
import type { World } from '../reconcile/world.ts';

/** Who is asked, and from where. */
interface AskHistoryOptions {
  readonly world: Pick<World, 'generators' | 'readers'>;
  /** In place of the address in the spec of the generators. */
  readonly prometheus?: string;
}

/** Asks for the history of an element where its generator asks for the element, with the same credentials. */
export function createAskHistory({ set }: LoadedSet, options: AskHistoryOptions): AskHistory {
  const { generators, readers } = options.world;
  const { namespace } = set.metadata;
  return async (element, question, signal) => {
    const { generator: position, generatorName: name } = element;
    const generator = generators.find((one) => one.name === name);
    const entry = set.spec.generators[position];
    if (!generator?.history || !entry)
      throw new Error(`usage is asked of Prometheus: the element is from a ${name} generator`);
    const url = options.prometheus === undefined ? {} : { url: options.prometheus };
    return generator.history(entry[name], { ...question, ...url }, { ...readers, namespace, signal });
  };
}
