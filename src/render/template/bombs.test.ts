import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bombData, bombs } from '../../../test/harness/bombs.ts';
import { processorTime } from '../../../test/harness/processor-time.ts';
import { compileTemplate, TemplateError, type TemplateOptions } from './compile-template.ts';

/** Each is refused within this, of processor time: a busy machine is not the template's fault. */
const MAX_MILLISECONDS = 1000;
const REPEATS = 3;
/** MiB of heap for all of them together. */
const MAX_HEAP = 384;

const PROGRAM = join(import.meta.dirname, '../../../test/harness/bombs-program.ts');
const run = promisify(execFile);

function refuse(template: string, options: Partial<TemplateOptions> = {}): TemplateError {
  try {
    compileTemplate(template, { name: 't', limits: { clock: processorTime }, ...options }).render(bombData);
  } catch (error) {
    assert.ok(error instanceof TemplateError, `${template.slice(0, 100)}: ${error}`);
    return error;
  }
  return assert.fail(`not refused: ${template.slice(0, 100)}`);
}

describe('a template that would do too much', () => {
  it('is of at least 60 kinds', () => assert.ok(bombs.length >= 60));

  for (const [template, says] of bombs) {
    const name = template.length > 90 ? `${template.slice(0, 90)}... (${template.length})` : template;
    it(`is refused within a second: ${name}`, () => {
      const times: number[] = [];
      // Only what is slow every time is slow.
      for (let i = 0; i < REPEATS; i++) {
        const start = processorTime();
        const { message } = refuse(template);
        times.push(processorTime() - start);
        assert.match(message, says);
        assert.ok(message.length < 5000, `a message of ${message.length} characters`);
        if ((times.at(-1) as number) < MAX_MILLISECONDS) return;
      }
      assert.fail(`took ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
    });
  }

  it(`needs no more than ${MAX_HEAP} MiB, all of them in one process`, async function () {
    this.timeout(120_000);
    const { stdout } = await run(process.execPath, [`--max-old-space-size=${MAX_HEAP}`, PROGRAM]);
    assert.equal(stdout, `${bombs.length} refused`);
  });
});

describe('a template that does much', () => {
  const hpa = `{{ range .elements }}---
metadata: {name: {{ .name | quote }}, labels: { {{- range $key, $value := .labels }}{{ $key }}: {{ quote $value }}, {{ end -}} }}
spec:{{ with .replicas }} {maxReplicas: {{ round (mulf .max 1.2) 0 }}}{{ end }}{{ if gt .cpu 50 }} # {{ .cpu }}{{ end }}
{{ end }}`;
  const elements = Array.from({ length: 1000 }, (_, i) => ({
    name: `service-${i}`,
    labels: { team: 'a', tier: 'web', name: `service-${i}` },
    replicas: { max: i },
    cpu: i % 100,
  }));
  const allowed: [string, string, object, number][] = [
    ['1,000 resources', hpa, { elements }, 100_000],
    [
      '10 MB of output',
      `{{ range until 100000 }}{{ $.line }}{{ end }}`,
      { line: 'x'.repeat(100) },
      10_000_000,
    ],
    ['a text of 1 MiB', '{{ .text | upper | trim | quote }}', { text: 'a'.repeat(2 ** 20) }, 2 ** 20],
    ['a list of 200,000', '{{ until 200000 | len }}{{ range until 200000 }}x{{ end }}', {}, 200_000],
    [
      'a long regexp',
      '{{ regexReplaceAll "[a-z]+-[0-9]+" .text "$0" }}',
      { text: 'abc-12 '.repeat(20_000) },
      140_000,
    ],
  ];
  for (const [what, template, input, length] of allowed) {
    it(`is not refused: ${what}`, () => {
      // The time limit is tested above: here a busy machine must not matter.
      const limits = { milliseconds: 10_000 };
      const output = compileTemplate(template, { name: 't', limits }).render(input);
      assert.ok(output.length >= length, `${output.length}`);
    });
  }
});
