import { CRD_NAME, VERSION } from '../api/crd.ts';
import { isOldGit, OLDEST_GIT, readGitVersion } from '../clients/git/git-version.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { CheckOptions } from './cluster-options.ts';
import type { ClusterSession } from './cluster-session.ts';
import type { CommandContext } from './command-context.ts';
import { metadataOf, readManifest } from './manifests/cluster-manifests.ts';
import { hasCondition } from './manifests/has-condition.ts';
import { CONTROLLER } from './manifests/labels.ts';

/** The first version whose server-side apply, which is all that this program writes with, is good enough. */
const OLDEST = { major: 1, minor: 19 };

/** What one look came to: `problem` says what is wrong and what to do. */
type Finding = { readonly fine: string } | { readonly problem: string };

/** Says a line for each thing that must hold, and sets exit code 1 where one does not. */
export async function checkCluster(
  session: ClusterSession,
  { pre = false, namespace }: CheckOptions,
  context: CommandContext,
): Promise<void> {
  const { printer } = session;
  printer.action('checking prerequisites');
  const findings = [report(session, await checkVersion(session))];
  await reportGit(session);
  if (!pre) {
    printer.action('checking controller');
    findings.push(report(session, await checkDefinition(session)));
    findings.push(report(session, await checkController(session, namespace)));
  }
  if (findings.every((fine) => fine)) return printer.success('all checks passed');
  context.setExitCode(1);
}

function report({ printer }: ClusterSession, finding: Finding): boolean {
  if ('fine' in finding) printer.success(finding.fine);
  else printer.failure(finding.problem);
  return 'fine' in finding;
}

async function checkVersion({ client, signal }: ClusterSession): Promise<Finding> {
  const { gitVersion } = await client.request({ method: 'GET', path: '/version' }, signal);
  const oldest = `${OLDEST.major}.${OLDEST.minor}`;
  if (isRecent(String(gitVersion))) return { fine: `Kubernetes ${gitVersion} >=${oldest}` };
  return { problem: `Kubernetes ${gitVersion} is older than ${oldest}: upgrade the cluster` };
}

/** A cluster is fit without a git on this machine: the controller brings its own. */
async function reportGit({ printer, signal }: ClusterSession): Promise<void> {
  const version = await readGitVersion(signal);
  if (version === undefined)
    printer.warning('no git on PATH: commands that read or write repositories need it');
  else if (isOldGit(version))
    printer.warning(`git ${version} is too old: install git ${OLDEST_GIT} or later`);
  else printer.success(`git ${version} >=${OLDEST_GIT}`);
}

/** `major` and `minor` of the answer are empty where the server was built without them. */
function isRecent(version: string): boolean {
  const [, major = 0, minor = 0] = /^v?(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

async function checkDefinition({ client, program, signal }: ClusterSession): Promise<Finding> {
  const crd = await readManifest(
    client,
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: CRD_NAME },
    },
    signal,
  );
  if (!crd) return { problem: `${CRD_NAME} is not installed: run ${program} install` };
  if (!hasCondition(crd, 'Established'))
    return { problem: `${CRD_NAME} is not established: see kubectl describe crd ${CRD_NAME}` };
  if (!servesVersion(crd))
    return { problem: `${CRD_NAME} does not serve ${VERSION}: run ${program} install` };
  return { fine: `${CRD_NAME} serves ${VERSION}` };
}

function servesVersion(crd: JsonObject): boolean {
  return findValues(crd, ['spec', 'versions']).some(
    (it) => isObject(it) && it['name'] === VERSION && it['served'] === true,
  );
}

async function checkController(
  { client, program, signal }: ClusterSession,
  namespace: string,
): Promise<Finding> {
  const metadata = { namespace, name: CONTROLLER };
  const live = await readManifest(client, { apiVersion: 'apps/v1', kind: 'Deployment', metadata }, signal);
  const name = `${CONTROLLER} in namespace ${namespace}`;
  if (!live) return { problem: `${name} is not installed: run ${program} install, or name its --namespace` };
  if (isReady(live)) return { fine: `${name} is ready: ${imageOf(live)}` };
  const look = `kubectl -n ${namespace} describe deployment ${CONTROLLER}`;
  return { problem: `${name} is not ready (${imageOf(live)}): see ${look}` };
}

/** Ready in the generation that is asked for, not only in the one before. */
function isReady(live: JsonObject): boolean {
  const status = ownValue(live, 'status');
  if (!isObject(status)) return false;
  const isCurrent = ownValue(status, 'observedGeneration') === ownValue(metadataOf(live), 'generation');
  return isCurrent && Number(ownValue(status, 'readyReplicas') ?? 0) > 0;
}

/** The image that runs, so that a version other than this program's is seen. */
function imageOf(live: JsonObject): string {
  const [container] = findValues(live, ['spec', 'template', 'spec', 'containers']);
  const image = isObject(container) ? ownValue(container, 'image') : undefined;
  return typeof image === 'string' ? image : 'no image';
}

/** The items of the list at the path; none where there is no list. */
function findValues(object: JsonObject, path: readonly string[]): readonly JsonValue[] {
  let value: JsonValue | undefined = object;
  for (const key of path) value = isObject(value) ? ownValue(value, key) : undefined;
  return Array.isArray(value) ? value : [];
}
