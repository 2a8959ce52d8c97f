import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage } from './bundled-packages.ts';

const LICENSE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = `\n${'-'.repeat(80)}\n\n`;

/** The notices that the licences of bundled code ask for: the texts that each package brings. */
export async function thirdPartyNotices(root: string, packages: readonly BundledPackage[]): Promise<string> {
  const notices = await Promise.all(packages.map((one) => describePackage(root, one)));
  return `The files beside this one contain code of these packages.\n${RULE}${notices.join(RULE)}`;
}

/** A package may come without a text, and only name its licence. */
async function describePackage(
  root: string,
  { name, version, license, folder }: BundledPackage,
): Promise<string> {
  const files = (await readdir(join(root, folder))).filter((file) => LICENSE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
  return [`${name} ${version}: ${license}\n`, ...texts.map((text) => `${text.trim()}\n`)].join('\n');
}
