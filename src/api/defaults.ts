/** The namespace of a set that names none, where nobody gives another: Flux's own. */
export const DEFAULT_NAMESPACE = 'flux-system';

/** The branch of a repository where neither the set nor a source names one. */
export const DEFAULT_BRANCH = 'main';
