/**
 * Characters that JSON may hold as they are and YAML 1.1 may not, or takes for line breaks: the API server reads
 * what is applied as YAML.
 */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON that a reader of YAML 1.1 reads as the same value. */
export function toApplyText(json: string): string {
  return json.replace(NOT_IN_YAML, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
