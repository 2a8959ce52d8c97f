import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../../lib/json.ts';
import { parseYaml, YamlError } from '../../lib/yaml.ts';

/** Bytes of one kubeconfig. */
const MAX_BYTES = 1024 * 1024;

/** Several kubeconfigs as one, paths in them absolute. */
export interface KubeconfigFiles {
  /** For messages. */
  readonly description: string;
  readonly config: JsonObject;
}

/** Where kubeconfigs are looked for. */
export interface KubeconfigPlace {
  /** `--kubeconfig`; no other file is looked at then. */
  readonly kubeconfig?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads the kubeconfig that is named, else those of $KUBECONFIG, else ~/.kube/config; undefined where there is none.
 * Files are merged as kubectl does: the first to name a cluster, user, context or current context wins.
 * Source: https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig
 */
export async function readKubeconfigs(place: KubeconfigPlace): Promise<KubeconfigFiles | undefined> {
  const named = place.kubeconfig !== undefined;
  const listed = (place.environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const standard = join(place.environment['HOME'] ?? homedir(), '.kube', 'config');
  const files = place.kubeconfig !== undefined ? [place.kubeconfig] : listed.length > 0 ? listed : [standard];
  const read: [string, JsonObject][] = [];
  for (const file of files) {
    const config = await readKubeconfig(resolve(file), named);
    if (config) read.push([file, config]);
  }
  if (read.length === 0) return undefined;
  const description = `kubeconfig ${read.map(([file]) => file).join(delimiter)}`;
  return { description, config: mergeConfigs(read.map(([, config]) => config)) };
}

async function readKubeconfig(file: string, isNeeded: boolean): Promise<JsonObject | undefined> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES / 1024} KiB`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isNeeded) return undefined;
    throw new Error(`kubeconfig ${file}: ${code === 'ENOENT' ? 'no such file' : (code ?? message)}`, {
      cause: error,
    });
  }
  return makePathsAbsolute(parseKubeconfig(file, text), dirname(file));
}

/** The YAML parser's own words may quote a line, and lines of a kubeconfig are secrets. */
function parseKubeconfig(file: string, text: string): JsonObject {
  let value: JsonValue;
  try {
    value = parseYaml(text, { resolvePlain });
  } catch (error) {
    const line = error instanceof YamlError ? ` (line ${error.line})` : '';
    throw new Error(`kubeconfig ${file}: not valid YAML${line}`);
  }
  if (!isObject(value)) throw new Error(`kubeconfig ${file}: not a kubeconfig`);
  return value;
}

/** Names and tokens are text, also where they look like numbers. */
function resolvePlain(text: string): JsonValue {
  if (text === '' || text === 'null' || text === '~') return null;
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

const LISTS = ['clusters', 'users', 'contexts'];

function mergeConfigs(configs: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = { apiVersion: 'v1', kind: 'Config' };
  for (const list of LISTS) {
    const byName = new Map<JsonValue, JsonObject>();
    for (const entry of configs.flatMap((config) => entriesOf(config, list))) {
      const name = ownValue(entry, 'name') ?? '';
      if (!byName.has(name)) byName.set(name, entry);
    }
    setOwn(merged, list, [...byName.values()]);
  }
  const currents = configs.map((config) => ownValue(config, 'current-context'));
  const current = currents.find((it) => typeof it === 'string' && it !== '');
  if (current !== undefined) merged['current-context'] = current;
  return merged;
}

function entriesOf(config: JsonObject, list: string): JsonObject[] {
  const entries = ownValue(config, list);
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

/** Files are relative to the kubeconfig that names them. */
function makePathsAbsolute(config: JsonObject, folder: string): JsonObject {
  for (const { cluster } of entriesOf(config, 'clusters')) {
    if (isObject(cluster)) makeAbsolute(cluster, 'certificate-authority', folder);
  }
  for (const { user } of entriesOf(config, 'users')) {
    if (!isObject(user)) continue;
    for (const key of ['client-certificate', 'client-key', 'tokenFile']) makeAbsolute(user, key, folder);
    const exec = ownValue(user, 'exec');
    // A command without a slash is looked for in PATH.
    if (isObject(exec) && String(exec['command'] ?? '').includes('/')) makeAbsolute(exec, 'command', folder);
  }
  return config;
}

function makeAbsolute(object: JsonObject, key: string, folder: string): void {
  const path = ownValue(object, key);
  if (typeof path === 'string' && path !== '' && !isAbsolute(path)) object[key] = join(folder, path);
}
