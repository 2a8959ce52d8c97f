import { cp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { findBundledPackages, findForeignImports } from './bundled-packages.ts';
import { thirdPartyNotices } from './notices.ts';
import { billOfMaterials } from './sbom.ts';

const ROOT = join(import.meta.dirname, '..');

/** CommonJS libraries within a module ask for `require`. */
const REQUIRE =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

const COMMON = {
  // Chunks are named after what is in them and its paths: not where the project or its packages really stand.
  absWorkingDir: ROOT,
  preserveSymlinks: true,
  bundle: true,
  platform: 'node',
  // ws would take these from whatever is installed around it.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  target: 'node22.19',
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Bundles the program into a folder: few files instead of hundreds, so that it starts quickly. What a command does not
 * use stays in files of its own, which are not read. Beside it stand the bill of materials and the notices of the
 * packages that are in it.
 */
export async function bundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const metafiles = await buildPrograms(folder);
  const foreign = findForeignImports(metafiles);
  if (foreign.length > 0) throw new Error(`the bundle would load from outside: ${foreign.join(', ')}`);
  // Of the ready-made templates only what sets use; samples and documentation stay.
  await cp(join(ROOT, 'templates'), join(folder, 'templates'), {
    recursive: true,
    filter: (path) => !basename(path).includes('.') || basename(path) === 'template.yaml',
  });
  const found = findBundledPackages(ROOT, metafiles);
  const bill = await billOfMaterials(ROOT, found);
  await writeFile(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, undefined, 2)}\n`);
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(ROOT, found.packages));
}

async function buildPrograms(folder: string): Promise<Metafile[]> {
  const program = await build({
    ...COMMON,
    entryPoints: { main: join(ROOT, 'src/main.ts') },
    outdir: folder,
    splitting: true,
    format: 'esm',
    banner: { js: REQUIRE },
  });
  // Loaded at run time: with the first query, when it fits the schema, and with the first other schema.
  const loaded = await build({
    ...COMMON,
    entryPoints: {
      'promql-parser': join(ROOT, 'src/lib/promql-parser.cjs'),
      'compiled-schema': join(ROOT, 'src/api/compiled-schema.cjs'),
      'schema-compiler': join(ROOT, 'src/api/schema-compiler.cjs'),
    },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  });
  return [program.metafile, loaded.metafile];
}

if (import.meta.main) await bundle(join(ROOT, 'dist'));
