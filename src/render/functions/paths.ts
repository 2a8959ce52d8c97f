import { trimEndOf } from '../../lib/trim-end.ts';
import { aliases, type FunctionDef } from './function-def.ts';

/** Go's path functions; the `os` ones are the same on Unix. */
export function pathFunctions(): FunctionDef[] {
  return [
    ...aliases(['base', 'osBase'], '(string) -> string', base),
    ...aliases(['dir', 'osDir'], '(string) -> string', dir),
    ...aliases(['clean', 'osClean'], '(string) -> string', clean),
    ...aliases(['ext', 'osExt'], '(string) -> string', extension),
    ...aliases(['isAbs', 'osIsAbs'], '(string) -> bool', (path: string) => path.startsWith('/')),
  ];
}

function base(path: string): string {
  if (path === '') return '.';
  const trimmed = trimEndOf(path, '/');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1));
}

function clean(path: string): string {
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isRooted) parts.push('..');
  }
  const joined = parts.join('/');
  return isRooted ? `/${joined}` : joined || '.';
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const point = name.lastIndexOf('.');
  return point < 0 ? '' : name.slice(point);
}
