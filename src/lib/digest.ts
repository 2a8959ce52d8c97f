import { hash } from 'node:crypto';

/** The digest of text or bytes, in the form `sha256:<hex>`. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${hash('sha256', content)}`;
}
