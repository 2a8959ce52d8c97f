import { X509Certificate } from 'node:crypto';

// OpenSSL takes what it can read and is silent about the rest, so the blocks are found and counted here.
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Throws unless the text is one or more PEM certificates, every one of them readable. */
export function checkCertificates(pem: string): void {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new Error('no PEM certificate in it');
  if (blocks.length !== pem.split('-----BEGIN ').length - 1) {
    throw new Error('something other than whole PEM certificates in it');
  }
  for (const [position, block] of blocks.entries()) checkCertificate(block, position);
}

function checkCertificate(block: string, position: number): void {
  try {
    new X509Certificate(block);
  } catch (error) {
    throw new Error(`PEM certificate ${position + 1} in it cannot be read`, { cause: error });
  }
}
