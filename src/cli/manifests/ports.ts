/** Where the controller serves `/metrics`, in plain HTTP. */
export const METRICS_PORT = 8080;
/** Where it serves `/healthz` and `/readyz`. */
export const HEALTH_PORT = 9440;
