import { copyFile, cp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

/** CommonJS libraries within a module ask for `require`. */
const REQUIRE =
  "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);";

/**
 * Bundles the program into a folder: few files instead of hundreds, so that it starts quickly. What a command does not
 * use stays in files of its own, which are not read.
 */
export async function bundle(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: { main: join(ROOT, 'src/main.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  // Loaded at run time, with the first query.
  await build({
    entryPoints: { 'promql-parser': join(ROOT, 'src/lib/promql-parser.cjs') },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22.19',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  // Loaded at run time, when it fits the schema.
  await copyFile(join(ROOT, 'src/api/compiled-schema.cjs'), join(folder, 'compiled-schema.cjs'));
  // Of the ready-made templates only what sets use; samples and documentation stay.
  await cp(join(ROOT, 'templates'), join(folder, 'templates'), {
    recursive: true,
    filter: (path) => !basename(path).includes('.') || basename(path) === 'template.yaml',
  });
}

if (import.meta.main) await bundle(join(ROOT, 'dist'));
