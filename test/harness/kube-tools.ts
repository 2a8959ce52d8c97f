import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseYamlDocuments } from '../../src/lib/yaml.ts';
import { findProgram } from '../components/find-program.ts';
import { ROOT } from './run-program.ts';

/** The Helm chart. */
export const CHART = join(ROOT, 'charts', 'generatorset');

/** What a run of kubectl or Helm came to. */
export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ToolOptions {
  readonly kubeconfig?: string;
  readonly stdin?: string;
}

/** Runs kubectl or Helm, which know nothing of the machine's own clusters, at most a minute. */
export async function runKubeTool(
  program: 'helm' | 'kubectl',
  args: readonly string[],
  { kubeconfig = '/dev/null', stdin = '' }: ToolOptions = {},
): Promise<ToolResult> {
  const file = findProgram(program);
  if (!file) throw new Error(`no ${program} on this machine: npm run components`);
  const home = join(tmpdir(), 'generatorset-test-kube-tools');
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const child = spawn(file, args, { env, timeout: 60_000, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** What kubectl or Helm printed; throws with what it said where it failed. */
export async function askKubeTool(
  program: 'helm' | 'kubectl',
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runKubeTool(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Kubernetes objects by kind and name: `Deployment generatorset-controller`. Throws where two have the same. */
export function byKindAndName(objects: Iterable<JsonObject>): Record<string, JsonObject> {
  const named: Record<string, JsonObject> = {};
  for (const object of objects) {
    const key = `${object['kind']} ${(object['metadata'] as JsonObject)['name']}`;
    if (Object.hasOwn(named, key)) throw new Error(`there are two of ${key}`);
    named[key] = object;
  }
  return named;
}

/** The objects of a YAML text; empty documents are none. */
export function readObjects(yaml: string): JsonObject[] {
  return parseYamlDocuments(yaml)
    .map(({ value }) => value as JsonObject | null)
    .filter((value) => value !== null);
}
