/** What the annotations of ResourceSets begin with. */
export const PREFIX = 'fluxcd.controlplane.io/';
