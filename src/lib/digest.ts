import { createHash } from 'node:crypto';

/** The digest of text or bytes, in the form `sha256:<hex>`. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
