import { basename, join, resolve } from 'node:path';
import { StalledError } from '../../api/errors.ts';
import { API_VERSION, KIND } from '../../api/generatorset-schema.ts';
import { parseOneDocument } from '../../api/parse-one-document.ts';
import { readReadyTemplate } from '../../api/read-ready-template.ts';
import type { LoadedSet } from '../../api/read-sets.ts';
import { VALIDATION_FAILED } from '../../api/reasons.ts';
import type { Path, Source } from '../../api/source.ts';
import { createYamlSource } from '../../api/yaml-source.ts';
import { readTextFile } from '../../clients/files/read-text.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { CommandContext } from '../command-context.ts';
import { createValidator } from '../set-reader.ts';
import { ELEMENTS_FILE, TEMPLATE_FILE } from './test-case.ts';

/** Where `values` and `elements` of the sample stand in the set that is made of it. */
const PLACES: readonly (readonly [inSet: Path, inFile: Path])[] = [
  [['spec', 'templates', 0, 'values'], ['values']],
  [['spec', 'generators', 0, 'list', 'elements'], ['elements']],
];

/**
 * A set that uses the ready-made template of a folder for its sample elements. Throws a StalledError where the
 * template or the sample is wrong, with its place.
 */
export async function readTemplateCase(
  folder: string,
  { context, namespace, signal }: { context: CommandContext; namespace: string; signal: AbortSignal },
): Promise<LoadedSet> {
  const name = basename(resolve(folder));
  const file = join(folder, TEMPLATE_FILE);
  const ready = readReadyTemplate(await readTextFile(file, signal), { name, file });
  const library = { names: () => [name], find: (wanted: string) => (wanted === name ? ready : undefined) };
  const { sample, source } = await readSample(join(folder, ELEMENTS_FILE), signal);
  const set = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name },
    spec: {
      generators: [{ list: { elements: ownValue(sample, 'elements') ?? [] } }],
      templates: [{ from: name, values: ownValue(sample, 'values') ?? {} }],
    },
  };
  return { set: createValidator(context, { namespace, library })(set, source), source };
}

async function readSample(
  file: string,
  signal: AbortSignal,
): Promise<{ sample: JsonObject; source: Source }> {
  const text = await readTextFile(file, signal);
  const yaml = parseOneDocument(text, file);
  const source = createYamlSource(file, text, { yaml });
  const sample = yaml.value;
  const isSample =
    isObject(sample) && Object.keys(sample).every((key) => key === 'values' || key === 'elements');
  if (isSample) return { sample, source: sampleSource(source) };
  throw new StalledError(VALIDATION_FAILED, `${file}: must be an object with values and elements`);
}

/** Finds the fields of the set in the file of the sample. */
function sampleSource(source: Source): Source {
  return {
    file: source.file,
    locate: (path, within) => source.locate(toSample(path), within),
    locateKey: (path, within) => source.locateKey(toSample(path), within),
    line: (number) => source.line(number),
  };
}

function toSample(path: Path): Path {
  const place = PLACES.find(([inSet]) => inSet.every((part, index) => path[index] === part));
  return place ? [...place[1], ...path.slice(place[0].length)] : [];
}
