/** Flux's annotations that ask for a pass, and for one with force; each value is followed once. */
export const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';
export const FORCE_AT = 'reconcile.fluxcd.io/forceAt';

/** What annotations ask for that the status does not say was followed. */
export interface Requests {
  readonly requestedAt?: string;
  readonly forceAt?: string;
  readonly isRequested: boolean;
  readonly isForced: boolean;
}

/** Reads the requests of a set. As in Flux, a forceAt counts only together with a requestedAt of the same value. */
export function readRequests(
  annotations: Readonly<Record<string, string>> = {},
  status: { readonly lastHandledReconcileAt?: string; readonly lastHandledForceAt?: string } = {},
): Requests {
  // An annotation without a value asks for nothing.
  const requestedAt = annotations[REQUESTED_AT] || undefined;
  const forceAt = annotations[FORCE_AT] || undefined;
  return {
    ...(requestedAt !== undefined && { requestedAt }),
    ...(forceAt !== undefined && { forceAt }),
    isRequested: requestedAt !== undefined && requestedAt !== status.lastHandledReconcileAt,
    isForced: forceAt !== undefined && forceAt === requestedAt && forceAt !== status.lastHandledForceAt,
  };
}
