import type { Element } from '../../src/api/element.ts';
import { setOwn } from '../../src/lib/json.ts';
import { objectData } from '../../src/lib/object-data.ts';
import type { Generator } from '../generator.ts';
import { type ConfigSpec, configSchema } from './schema.ts';

/** The data of a ConfigMap or Secret as one element: every value is text, as it is stored. */
export const config: Generator<ConfigSpec> = {
  name: 'config',
  schema: configSchema,
  async generate({ kind, name }, { namespace, objects, signal, note }) {
    signal.throwIfAborted();
    const place = `${kind} ${namespace}/${name}`;
    const object = await objects.get({ apiVersion: 'v1', kind, namespace, name }, signal);
    if (!object) throw new Error(`${place} does not exist`);
    const element: Element = {};
    for (const [key, value] of objectData(object)) setOwn(element, key, readText(value, `${place}: ${key}`));
    if (kind === 'Secret') note(element, { isSecret: true });
    return [element];
  },
  query: ({ kind, name }) => `${kind} ${name}`,
};

/** Templates work on text: bytes that are none would become something else. */
function readText(value: Buffer, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch (error) {
    throw new Error(`${place} is not UTF-8 text; move it to an object that is not read here`, {
      cause: error,
    });
  }
}
