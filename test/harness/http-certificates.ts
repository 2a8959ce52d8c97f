import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, in PEM. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Two authorities that know nothing of each other, and what the first has signed. */
export interface Certificates {
  readonly ca: Certificate;
  readonly otherCa: Certificate;
  /** For 127.0.0.1 and localhost. */
  readonly server: Certificate;
  /** For another host. */
  readonly elsewhere: Certificate;
  readonly expired: Certificate;
  readonly client: Certificate;
}

/** Makes throw-away certificates with openssl; nothing of them is committed. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'generatorset-certificates-'));
  try {
    const ca = makeAuthority(folder, 'ca');
    return {
      ca,
      otherCa: makeAuthority(folder, 'other-ca'),
      server: sign(folder, { name: 'server', san: 'IP:127.0.0.1,DNS:localhost' }),
      elsewhere: sign(folder, { name: 'elsewhere', san: 'DNS:elsewhere.example' }),
      expired: sign(folder, { name: 'expired', san: 'IP:127.0.0.1', days: '-1' }),
      client: sign(folder, { name: 'client', san: 'DNS:client' }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeAuthority(folder: string, name: string): Certificate {
  openssl(folder, [
    'req',
    '-x509',
    ...newKey(name),
    '-out',
    `${name}.crt`,
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
  ]);
  return read(folder, name);
}

function sign(
  folder: string,
  { name, san, days = '2' }: { name: string; san: string; days?: string },
): Certificate {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${san}\n`);
  openssl(folder, ['req', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`]);
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
  openssl(folder, ['x509', '-req', '-in', `${name}.csr`, ...authority, '-days', days, '-out', `${name}.crt`]);
  return read(folder, name);
}

function newKey(name: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
}

function openssl(folder: string, args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function read(folder: string, name: string): Certificate {
  return {
    cert: readFileSync(join(folder, `${name}.crt`), 'utf8'),
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
  };
}
