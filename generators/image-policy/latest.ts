import type { Element } from '../../src/api/element.ts';
import type { Resource } from '../../src/api/resource.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';

/** An image as a policy names it. */
interface Image {
  readonly text: string;
  readonly repository: string;
  /** Empty where only a digest names it. */
  readonly tag: string;
}

const DOCKER_HUB = 'index.docker.io';

/** Where the status of each version of ImagePolicy has the image, and the one before. */
const LATEST = { ref: 'latestRef', text: 'latestImage' } as const;
const PREVIOUS = { ref: 'observedPreviousRef', text: 'observedPreviousImage' } as const;

/**
 * The element of a policy; undefined while its status has no image. What there is no previous image for is empty, so
 * that templates need not ask. Throws for a status that names no image.
 */
export function readLatest(policy: Resource, place: string): Element | undefined {
  const status = ownValue(policy, 'status');
  const latest = isObject(status) ? readImage(status, LATEST, place) : undefined;
  if (!isObject(status) || !latest) return undefined;
  const previous = readImage(status, PREVIOUS, place);
  return {
    latestImage: latest.text,
    image: latest.repository,
    latestTag: latest.tag,
    previousImage: previous?.text ?? '',
    previousTag: previous?.tag ?? '',
  };
}

function readImage(
  status: JsonObject,
  fields: { readonly ref: string; readonly text: string },
  place: string,
): Image | undefined {
  const ref = ownValue(status, fields.ref);
  if (isObject(ref)) return fromParts(ref, `${place}: status.${fields.ref}`);
  const text = ownValue(status, fields.text);
  return typeof text === 'string' && text !== '' ? fromText(text) : undefined;
}

/** Since v1beta2: `{name, tag, digest}`. */
function fromParts(ref: JsonObject, place: string): Image {
  const [repository, tag, digest] = ['name', 'tag', 'digest'].map((key) => textOf(ownValue(ref, key)));
  if (!repository || !(tag || digest)) throw new Error(`${place} names no image with a tag or a digest`);
  const text = `${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
  return { text, repository: fullName(repository), tag: tag ?? '' };
}

/** Before: `name:tag`. A colon before the last slash is that of a port. */
function fromText(text: string): Image {
  const [name = ''] = text.split('@', 1);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    text,
    repository: fullName(colon < 0 ? name : name.slice(0, colon)),
    tag: colon < 0 ? '' : name.slice(colon + 1),
  };
}

/** With its registry, as GitOpsSets have it: the first part is one when it has a dot or a colon, else it is Docker Hub. */
function fullName(repository: string): string {
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const [registry, path] = /[.:]/.test(first) ? [first, repository.slice(slash + 1)] : ['', repository];
  if (registry !== '' && registry !== 'docker.io' && registry !== DOCKER_HUB) return repository;
  return `${DOCKER_HUB}/${path.includes('/') ? '' : 'library/'}${path}`;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
