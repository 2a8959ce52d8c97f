import { apiGroup } from '../api/resource.ts';
import { type JsonObject, ownValue } from '../lib/json.ts';
import { type Condition, conditionsOf, fieldOf, isTrue } from './object-fields.ts';
import { KIND_CHECKS } from './readiness-by-kind.ts';
import { failed, READY, type Readiness, waiting } from './readiness-result.ts';

/** Kinds that are ready as soon as they exist: the server tells nothing more of them. */
const READY_AT_ONCE: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Endpoints',
  '/LimitRange',
  '/Secret',
  '/ServiceAccount',
  'networking.k8s.io/NetworkPolicy',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
]);

/** Groups whose kinds always report a Ready condition, so that one without has not been looked at yet. */
const REPORTS_READY = /^(?:(?:kustomize|helm|source|image)\.toolkit\.fluxcd\.io|generatorset\.dev)$/;

/** Whether objects of a kind need not be asked for. */
export function isReadyAtOnce({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return READY_AT_ONCE.has(`${apiGroup(apiVersion)}/${kind}`);
}

/**
 * Reads an object's readiness from its status. The rules are those of kstatus
 * (https://github.com/kubernetes-sigs/cli-utils, pkg/kstatus), except that a Job is ready when it is complete and
 * that Flux's kinds are not before their controller has seen them.
 */
export function readReadiness(object: JsonObject): Readiness {
  return isDeleting(object) ?? isUnobserved(object) ?? checkKind(object) ?? readConditions(object);
}

function isDeleting(object: JsonObject): Readiness | undefined {
  return fieldOf(object, 'metadata', 'deletionTimestamp') === undefined
    ? undefined
    : waiting('is being deleted');
}

/** The status speaks of an older spec. */
function isUnobserved(object: JsonObject): Readiness | undefined {
  const generation = fieldOf(object, 'metadata', 'generation');
  const observed = fieldOf(object, 'status', 'observedGeneration');
  if (typeof generation !== 'number' || typeof observed !== 'number' || generation === observed)
    return undefined;
  // The default of Flux's definitions, and of ours.
  if (observed < 0) return waiting('its controller has not seen it yet');
  return waiting(`status is of generation ${observed}, the object is of ${generation}`);
}

function checkKind(object: JsonObject): Readiness | undefined {
  const { apiVersion, kind } = object;
  const name = `${typeof apiVersion === 'string' ? apiGroup(apiVersion) : ''}/${String(kind)}`;
  return KIND_CHECKS.get(name)?.(object);
}

/** What the three conditions say that controllers share. */
function readConditions(object: JsonObject): Readiness {
  const conditions = conditionsOf(object);
  const stalled = conditions.get('Stalled');
  if (stalled && isTrue(stalled)) return failed(explain('Stalled', stalled));
  const reconciling = conditions.get('Reconciling');
  if (reconciling && isTrue(reconciling)) return waiting(explain('Reconciling', reconciling));
  const ready = conditions.get('Ready');
  if (ready) return isTrue(ready) ? READY : waiting(explain(`Ready is ${ready.status}`, ready));
  return reportsReady(object) ? waiting('has no Ready condition yet') : READY;
}

function reportsReady(object: JsonObject): boolean {
  const apiVersion = ownValue(object, 'apiVersion');
  return typeof apiVersion === 'string' && REPORTS_READY.test(apiGroup(apiVersion));
}

function explain(what: string, { reason, message }: Condition): string {
  return [what, reason, message].filter((it) => it !== '').join(': ');
}
