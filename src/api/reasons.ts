/**
 * Reasons of the Ready condition, for machines: Flux's own words where Flux has one, so that its tools, alerts and
 * dashboards understand a set. Source: fluxcd/pkg, apis/meta/conditions.go.
 */

/** What was wanted is delivered. */
export const RECONCILIATION_SUCCEEDED = 'ReconciliationSucceeded';
/** A pass failed, for a reason that has no word of its own. */
export const RECONCILIATION_FAILED = 'ReconciliationFailed';
/** A pass is under way, or what it delivered becomes ready. */
export const PROGRESSING = 'Progressing';
/** A pass failed and is tried again; reason of the Reconciling condition. */
export const PROGRESSING_WITH_RETRY = 'ProgressingWithRetry';
/** Something in `spec.dependsOn` is not ready. */
export const DEPENDENCY_NOT_READY = 'DependencyNotReady';
/** The templates could not be rendered. */
export const BUILD_FAILED = 'BuildFailed';
/** A generator's source gave nothing that can be used. */
export const ARTIFACT_FAILED = 'ArtifactFailed';
/** A source of Flux has no artifact yet. Our own word. */
export const ARTIFACT_NOT_READY = 'ArtifactNotReady';
/** Resources that should be gone are still there. */
export const PRUNE_FAILED = 'PruneFailed';
/** What was delivered does not become ready. */
export const HEALTH_CHECK_FAILED = 'HealthCheckFailed';
/** The identity of the set may not do what the set wants; Flux's word for refused cross-namespace references. */
export const ACCESS_DENIED = 'AccessDenied';
/** The spec is wrong; Flux's word for a set that its own rules refuse. */
export const VALIDATION_FAILED = 'ValidationFailed';
/** The guard holds the plan; the last good state stands. Our own word. */
export const PLAN_HELD = 'PlanHeld';
/** Some elements or tuned values stay as they are, the others go on. Our own word. */
export const ELEMENTS_HELD = 'ElementsHeld';
/** Tuned values wait for an approval; reason of the Held condition. Our own word. */
export const CHANGES_HELD = 'ChangesHeld';
/** Some resources cannot be watched. Our own word. */
export const WATCH_FORBIDDEN = 'WatchForbidden';
