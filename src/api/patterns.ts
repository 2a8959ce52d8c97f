import { DURATION_PATTERN } from '../lib/duration.ts';

/** A name of an object, RFC 1123: what most Kubernetes objects are called. */
export const NAME_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

/** A name of a namespace. */
export const LABEL_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** A name that a person gives to a part of a set. */
export const WORD_PATTERN = '^[A-Za-z0-9]([-_A-Za-z0-9]*[A-Za-z0-9])?$';

/** A share of a whole. */
export const PERCENT_PATTERN = '^([0-9]{1,2}|100)%$';

/** A share that may be more than a whole, with decimals. */
export const SHARE_PATTERN = '^[0-9]{1,4}(\\.[0-9]{1,3})?%$';

/** A quantity of Kubernetes, without a sign and an exponent. */
export const QUANTITY_PATTERN = '^[0-9]{1,18}(\\.[0-9]{1,9})?([KMGTPE]i|[numkMGTPE])?$';

/** A share, or a quantity. */
export const SHARE_OR_QUANTITY_PATTERN = '^[0-9]{1,18}(\\.[0-9]{1,9})?(%|[KMGTPE]i|[numkMGTPE])?$';

/** A name that templates can write after a dot. */
export const FIELD_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*$';

/** Text on one line, without what would end a name or an address in a commit. */
export const ONE_LINE_PATTERN = '^[^\\u0000-\\u001f\\u007f<>]+$';

/** One line of text without control characters. */
export const PRINTABLE_PATTERN = '^[^\\u0000-\\u001f\\u007f]+$';

/** A URL of a server that credentials may be sent to. */
export const HTTPS_PATTERN = '^https://';

/** A repository below its owner or its groups. */
export const REPOSITORY_PATTERN = '^~?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$';

/** What the patterns of all schemas mean, for people. */
const MEANINGS = new Map<string, { meaning: string; example: string }>([
  [
    DURATION_PATTERN,
    { meaning: 'a duration in hours, minutes and seconds, such as 24h or 5m30s', example: '24h' },
  ],
  [
    NAME_PATTERN,
    { meaning: 'a Kubernetes name: lower case letters, digits, "-" and "."', example: 'podinfo-memory' },
  ],
  [LABEL_PATTERN, { meaning: 'a namespace: lower case letters, digits and "-"', example: 'flux-system' }],
  [WORD_PATTERN, { meaning: 'a word of letters, digits, "-" and "_"', example: 'memory' }],
  [PERCENT_PATTERN, { meaning: 'a percentage such as 20%, or a number without quotes', example: '20%' }],
  [SHARE_PATTERN, { meaning: 'a percentage such as 20% or 12.5%', example: '20%' }],
  [QUANTITY_PATTERN, { meaning: 'a quantity such as 128Mi, 500m or 2', example: '128Mi' }],
  [SHARE_OR_QUANTITY_PATTERN, { meaning: 'a percentage or a quantity, such as 10% or 32Mi', example: '10%' }],
  [FIELD_PATTERN, { meaning: 'a name of letters, digits and "_", such as limit', example: 'limit' }],
  [ONE_LINE_PATTERN, { meaning: 'one line without "<" and ">"', example: 'generatorset' }],
  [PRINTABLE_PATTERN, { meaning: 'one line without control characters', example: 'main' }],
  [
    '^([0-9a-f]{40}|[0-9a-f]{64})$',
    { meaning: 'a full commit id of 40 (or 64) hexadecimal digits', example: '4b825dc6...' },
  ],
  [HTTPS_PATTERN, { meaning: 'a URL that begins with https://', example: 'https://git.example.com' }],
  [REPOSITORY_PATTERN, { meaning: 'owner/name', example: 'stefanprodan/podinfo' }],
  [
    '^https?://',
    { meaning: 'a URL that begins with http:// or https://', example: 'http://prometheus:9090/api/v1/query' },
  ],
]);

/** What a pattern of a schema asks for, in words, with one example; undefined for an unknown pattern. */
export function explainPattern(pattern: string): { meaning: string; example: string } | undefined {
  return MEANINGS.get(pattern);
}
