// Writes the corpus of contents and YAML anew from the oracle, real Go:
//   node test/conformance/content/regenerate.ts [/path/to/oracle]
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { isObject, type JsonValue, stringifyJson } from '../../../src/lib/json.ts';
import { stringifyYaml } from '../../../src/lib/yaml.ts';
import { findOracle } from '../build-oracle.ts';
import { type ContentInput, ordinaryInputs, WHOLE_INPUTS } from './content-inputs.ts';
import type { ContentCase, DocumentCase, ScalarCase, StringCase, ValueCase } from './corpus.ts';
import { kubernetesInputs } from './kubernetes-inputs.ts';
import { askContents, askOracle } from './oracle.ts';
import { DOCUMENTS, hostileStrings, hostileValues, scalarTexts } from './yaml-inputs.ts';

const oracle = findOracle(process.argv[2]);

writeCorpus('scalars', readScalars());
writeCorpus('strings', writeStrings());
writeCorpus('values', writeValues());
writeCorpus('documents', readDocuments());
writeCorpus('contents', renderContents());

/** A plain template gives the text to Go's YAML reader as it is, and integers come back with all digits. */
function readScalars(): ScalarCase[] {
  const texts = scalarTexts();
  const delims: [string, string] = ['${{', '}}'];
  const plain = texts.map((s) => ({ content: { a: '${{ .s }}' }, data: { s }, delims }));
  return askOracle(oracle, plain).map(({ objects }, index) => {
    const object = objects?.[0];
    const value = isObject(object) ? object['a'] : undefined;
    return { text: texts[index] as string, ...(value !== undefined && { value }) };
  });
}

function writeStrings(): StringCase[] {
  const texts = [...new Set([...scalarTexts(), ...fc.sample(hostileStrings, { numRuns: 400, seed: 11 })])];
  const plain = askOracle(
    oracle,
    texts.map((s) => ({ template: '{{ toYaml .s }}', data: { s } })),
  );
  const written = texts.map((text) => stringifyYaml({ v: text }));
  checkRead(written, texts);
  return texts.map((text, index) => ({
    text,
    plain: text !== '' && plain[index]?.output === text,
    written: written[index] as string,
  }));
}

function writeValues(): ValueCase[] {
  const values = fc.sample(hostileValues, { numRuns: 300, seed: 13 });
  const written = values.map((value) => stringifyYaml({ v: value }));
  checkRead(written, values);
  return values.map((value, index) => ({ value, written: written[index] as string }));
}

/** Throws unless Go reads the texts as `{v: value}`; Go's fromYaml makes every number a float. */
function checkRead(texts: readonly string[], values: readonly JsonValue[]): void {
  const answers = askOracle(
    oracle,
    texts.map((s) => ({ template: '{{ fromYaml .s | toRawJson }}', data: { s } })),
  );
  for (const [index, { output }] of answers.entries()) {
    const expected = toFloats({ v: values[index] as JsonValue });
    if (isDeepStrictEqual(toFloats(JSON.parse(output ?? 'null')), expected)) continue;
    throw new Error(`Go reads ${JSON.stringify(texts[index])} as ${output}`);
  }
}

function toFloats(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item)));
}

function readDocuments(): DocumentCase[] {
  const answers = askOracle(
    oracle,
    DOCUMENTS.map((s) => ({ template: '{{ fromYaml .s | toRawJson }}', data: { s } })),
  );
  return answers.map(({ output }, index) => {
    const value = JSON.parse(output ?? '{"Error": ""}');
    return { text: DOCUMENTS[index] as string, ...(!('Error' in value) && { value }) };
  });
}

function renderContents(): ContentCase[] {
  const inputs = [
    ...WHOLE_INPUTS,
    ...kubernetesInputs(),
    ...fc.sample(ordinaryInputs, { numRuns: 400, seed: 17 }),
  ];
  return askContents(oracle, inputs).map(({ objects, error }, index) => {
    const input = inputs[index] as ContentInput;
    if (!objects) throw new Error(`${error}: ${stringifyJson(input as unknown as JsonValue)}`);
    return { ...input, objects };
  });
}

function writeCorpus(name: string, cases: readonly object[]): void {
  const lines = cases.map((item) => stringifyJson(item as JsonValue));
  writeFileSync(new URL(`./testdata/${name}.ndjson`, import.meta.url), `${lines.join('\n')}\n`);
}
