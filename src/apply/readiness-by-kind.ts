import type { JsonObject } from '../lib/json.ts';
import { conditionsOf, cutText, fieldOf, isTrue, numberOf, textOf } from './object-fields.ts';
import { failed, READY, type Readiness, waiting } from './readiness-result.ts';

/** What an object of one kind says; undefined leaves it to the conditions that all kinds share. */
type Check = (object: JsonObject) => Readiness | undefined;

/** Checks by `group/kind`. */
export const KIND_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['/Namespace', (object) => phase(object, ['Active'])],
  ['/PersistentVolumeClaim', (object) => phase(object, ['Bound'])],
  ['/Pod', checkPod],
  ['/Service', checkService],
  ['apiextensions.k8s.io/CustomResourceDefinition', checkDefinition],
  ['apiregistration.k8s.io/APIService', (object) => condition(object, 'Available')],
  ['apps/DaemonSet', checkDaemonSet],
  ['apps/Deployment', checkDeployment],
  ['apps/ReplicaSet', checkReplicaSet],
  ['apps/StatefulSet', checkStatefulSet],
  ['autoscaling/HorizontalPodAutoscaler', checkAutoscaler],
  ['batch/Job', checkJob],
  ['policy/PodDisruptionBudget', (object) => observed(object) ?? READY],
]);

/** A kind whose controller always says which generation it has seen. */
function observed(object: JsonObject): Readiness | undefined {
  return fieldOf(object, 'status', 'observedGeneration') === undefined
    ? waiting('its controller has not seen it yet')
    : undefined;
}

function phase(object: JsonObject, ready: readonly string[]): Readiness {
  const now = textOf(object, 'status', 'phase');
  return ready.includes(now) ? READY : waiting(`phase is ${now === '' ? 'not set' : now}`);
}

function condition(object: JsonObject, type: string): Readiness {
  const found = conditionsOf(object).get(type);
  if (isTrue(found)) return READY;
  return waiting(found ? `${type} is ${found.status}: ${found.message}` : `has no condition ${type} yet`);
}

/** Replicas of the status that must reach a number. */
function short(
  object: JsonObject,
  wanted: number,
  fields: Readonly<Record<string, string>>,
): Readiness | undefined {
  for (const [field, what] of Object.entries(fields)) {
    const now = numberOf(object, ['status', field]);
    if (now < wanted) return waiting(`${now} of ${wanted} replicas are ${what}`);
  }
  return undefined;
}

function checkDeployment(object: JsonObject): Readiness {
  const conditions = conditionsOf(object);
  const progressing = conditions.get('Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(progressing.message);
  const wanted = numberOf(object, ['spec', 'replicas'], 1);
  const replicas = numberOf(object, ['status', 'replicas']);
  const updated = numberOf(object, ['status', 'updatedReplicas']);
  return (
    observed(object) ??
    short(object, wanted, { replicas: 'there', updatedReplicas: 'updated' }) ??
    (replicas > updated ? waiting(`${replicas - updated} old replicas are not gone yet`) : undefined) ??
    short(object, wanted, { availableReplicas: 'available', readyReplicas: 'ready' }) ??
    READY
  );
}

function checkReplicaSet(object: JsonObject): Readiness {
  const failure = conditionsOf(object).get('ReplicaFailure');
  if (failure && isTrue(failure)) return waiting(failure.message);
  const wanted = numberOf(object, ['spec', 'replicas'], 1);
  const replicas = numberOf(object, ['status', 'replicas']);
  return (
    observed(object) ??
    short(object, wanted, { replicas: 'there', availableReplicas: 'available', readyReplicas: 'ready' }) ??
    (replicas > wanted ? waiting(`${replicas - wanted} replicas too many`) : READY)
  );
}

function checkStatefulSet(object: JsonObject): Readiness {
  if (textOf(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return observed(object) ?? READY;
  const wanted = numberOf(object, ['spec', 'replicas'], 1);
  const partition = numberOf(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']);
  const isWhole = partition === 0;
  return (
    observed(object) ??
    short(object, wanted, { replicas: 'there', readyReplicas: 'ready' }) ??
    short(object, wanted - partition, { updatedReplicas: 'updated' }) ??
    (isWhole && textOf(object, 'status', 'currentRevision') !== textOf(object, 'status', 'updateRevision')
      ? waiting('not all replicas are of the new revision')
      : READY)
  );
}

function checkDaemonSet(object: JsonObject): Readiness {
  const wanted = numberOf(object, ['status', 'desiredNumberScheduled'], -1);
  if (wanted < 0) return waiting('its controller has not seen it yet');
  const fields = {
    currentNumberScheduled: 'scheduled',
    updatedNumberScheduled: 'updated',
    numberAvailable: 'available',
    numberReady: 'ready',
  };
  const onDelete = textOf(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  const { updatedNumberScheduled: _, ...withoutUpdated } = fields;
  return observed(object) ?? short(object, wanted, onDelete ? withoutUpdated : fields) ?? READY;
}

function checkJob(object: JsonObject): Readiness {
  const conditions = conditionsOf(object);
  const failure = conditions.get('Failed');
  if (failure && isTrue(failure)) return failed(failure.message || 'has failed');
  if (isTrue(conditions.get('Complete')) || fieldOf(object, 'spec', 'suspend') === true) return READY;
  return waiting(
    `${numberOf(object, ['status', 'succeeded'])} succeeded, ${numberOf(object, ['status', 'active'])} active`,
  );
}

function checkPod(object: JsonObject): Readiness {
  const now = textOf(object, 'status', 'phase');
  if (now === 'Succeeded') return READY;
  if (now === 'Failed') return failed(cutText(textOf(object, 'status', 'message')) || 'has failed');
  return now === 'Running' ? condition(object, 'Ready') : waiting(`phase is ${now === '' ? 'not set' : now}`);
}

function checkService(object: JsonObject): Readiness {
  if (textOf(object, 'spec', 'type') !== 'LoadBalancer') return READY;
  const ingress = fieldOf(object, 'status', 'loadBalancer', 'ingress');
  return Array.isArray(ingress) && ingress.length > 0 ? READY : waiting('has no load balancer yet');
}

function checkDefinition(object: JsonObject): Readiness {
  const names = conditionsOf(object).get('NamesAccepted');
  if (names?.status === 'False') return failed(`its names are not accepted: ${names.message}`);
  return condition(object, 'Established');
}

function checkAutoscaler(object: JsonObject): Readiness | undefined {
  const conditions = conditionsOf(object);
  const active = conditions.get('ScalingActive');
  if (active && !isTrue(active) && active.reason !== 'ScalingDisabled') return waiting(active.message);
  // Version 1 of the API has no conditions: the controller has seen it when it says so.
  if (!conditions.has('AbleToScale')) return observed(object) ?? READY;
  return condition(object, 'AbleToScale');
}
