import type { JsonValue } from '../../lib/json.ts';
import { GoObject, type ObjectKind } from './go-object.ts';
import { type MethodTable, methodTable } from './method.ts';
import { quoteGo } from './quote.ts';

/** A certificate and its private key, both as PEM: what Sprig's certificate functions give. */
export class GoCertificate extends GoObject {
  readonly cert: string;
  readonly key: string;

  constructor(cert: string, key: string) {
    super();
    this.cert = cert;
    this.key = key;
  }

  override get typeName(): string {
    return 'sprig.certificate';
  }

  override get kind(): ObjectKind {
    return 'struct';
  }

  override toString(): string {
    return `{${this.cert} ${this.key}}`;
  }

  override goSyntax(): string {
    return `sprig.certificate{Cert:${quoteGo(this.cert)}, Key:${quoteGo(this.key)}}`;
  }

  override toJson(): JsonValue {
    return { Cert: this.cert, Key: this.key };
  }

  override isIdentical(other: GoObject): boolean {
    return other instanceof GoCertificate && other.cert === this.cert && other.key === this.key;
  }

  override isDeepEqual(other: GoObject): boolean {
    return this.isIdentical(other);
  }
}

/** The fields of a certificate, which templates read as they call methods. */
export const certificateFields: MethodTable = methodTable<GoCertificate>({
  Cert: [[], ({ cert }) => cert],
  Key: [[], ({ key }) => key],
});
