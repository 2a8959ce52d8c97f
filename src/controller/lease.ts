import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** What a Lease says, as far as an election needs it: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1 */
export interface Lease {
  /** The whole object as the API server gave it, so that whatever else it holds is kept. */
  readonly object: JsonObject;
  /** Differs after each change of the object, and after it was deleted and made anew. */
  readonly version: string;
  /** Empty: nobody. */
  readonly holder: string;
  /** Milliseconds that others wait after the last change that they saw. */
  readonly duration: number;
  /** How often the holder has changed. */
  readonly transitions: number;
  readonly renewTime: string;
}

/** What a candidate writes into a Lease. */
export interface LeaseClaim {
  /** Empty: the Lease is released. */
  readonly holder: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly transitions: number;
  readonly acquireTime: string;
  readonly renewTime: string;
}

/** Milliseconds; a Lease that asks for more would keep everybody from leading. */
const MAX_DURATION = 3_600_000;

/** In client-go's words: a released Lease names nobody and lasts one second. */
export const RELEASED = { holder: '', duration: 1000 } as const;

/** Reads the API server's answer. Anybody with the right may have written the Lease: nothing in it is taken on trust. */
export function readLease(object: JsonObject): Lease {
  const metadata = part(object, 'metadata');
  const spec = part(object, 'spec');
  return {
    object,
    version: `${text(metadata, 'uid')}/${text(metadata, 'resourceVersion')}`,
    holder: text(spec, 'holderIdentity'),
    duration: Math.min(count(spec, 'leaseDurationSeconds') * 1000, MAX_DURATION),
    transitions: count(spec, 'leaseTransitions'),
    renewTime: text(spec, 'renewTime'),
  };
}

/** Whether the holder gave the Lease back. Where only the name was taken out by hand, the holder may go on yet. */
export function isReleased({ holder, duration }: Lease): boolean {
  return holder === RELEASED.holder && duration > 0 && duration <= RELEASED.duration;
}

/** The object to write: the one that was read, or a new one, with the claim in it. */
export function claimLease(
  claim: LeaseClaim,
  { namespace, name, before }: { namespace: string; name: string; before: JsonObject | undefined },
): JsonObject {
  const spec = {
    holderIdentity: claim.holder,
    leaseDurationSeconds: Math.ceil(claim.duration / 1000),
    acquireTime: claim.acquireTime,
    renewTime: claim.renewTime,
    leaseTransitions: claim.transitions,
  };
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: before ? part(before, 'metadata') : { namespace, name },
    spec: before ? { ...part(before, 'spec'), ...spec } : spec,
  };
}

/** Kubernetes' MicroTime, RFC 3339 with six digits of a second; from milliseconds since 1970. */
export function microTime(epoch: number): string {
  const whole = Math.floor(epoch);
  const micros = Math.floor((epoch - whole) * 1000);
  return new Date(whole).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

function part(object: JsonObject, key: string): JsonObject {
  const value = ownValue(object, key);
  return isObject(value) ? value : {};
}

function text(object: JsonObject, key: string): string {
  const value: JsonValue | undefined = ownValue(object, key);
  return typeof value === 'string' ? value : '';
}

function count(object: JsonObject, key: string): number {
  const value = ownValue(object, key);
  return typeof value === 'number' && value > 0 ? value : 0;
}
