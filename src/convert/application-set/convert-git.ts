import { isObjectId } from '../../lib/git-ref.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { nameEntry } from '../entry.ts';
import { type Field, fieldAt, fieldsOf } from '../field.ts';
import { secondsOf } from '../seconds.ts';
import { type Children, type GeneratorOptions, listParameters, namesOf } from './children.ts';

const DEFAULT_SECONDS = 180;
/** The name of the child that reads the repository. */
const NAME = 'fromGit';

/** Directories or files of a repository, and a list that gives their paths the names that the templates know. */
export function convertGit(field: Field, { conversion }: GeneratorOptions): Children | undefined {
  const hasDirectories = fieldsOf(fieldAt(field, 'directories')).length > 0;
  const files = fieldAt(field, 'files');
  const isOfFiles = !hasDirectories && fieldsOf(files).length > 0;
  const prefix = fieldAt(field, 'pathParamPrefix');
  const below = conversion.text(prefix) ?? '';
  const name = below === '' ? NAME : `${NAME}-${below}`.replace(/[^\w-]/g, '');
  return {
    names: namesOf([below === '' ? 'path' : below], fieldAt(field, 'values')),
    paths: [below === '' ? 'path' : `${below}.path`],
    inner: [fieldName(name)],
    file: isOfFiles ? fieldName(name) : undefined,
    make(rewrite) {
      const gitDirectory = convertRepository(field, conversion);
      if (hasDirectories) conversion.leaveOut(files, 'beside directories Argo CD does not look at it');
      const path = { path: isOfFiles ? filePath(fieldName(name)) : directoryPath(fieldName(name)) };
      const element: JsonObject = below === '' ? path : { [below]: path };
      return [
        nameEntry(fieldName(name), { gitDirectory }),
        ...listParameters(element, fieldAt(field, 'values'), { conversion, rewrite }),
      ];
    },
  };
}

/** A name that templates can read. */
function fieldName(name: string): string {
  return name.replaceAll('-', '_');
}

function convertRepository(field: Field, conversion: Conversion): JsonObject {
  const gitDirectory: JsonObject = {};
  conversion.origins.note(gitDirectory, field);
  gitDirectory['interval'] = secondsOf(fieldAt(field, 'requeueAfterSeconds'), DEFAULT_SECONDS, conversion);
  const url = fieldAt(field, 'repoURL');
  conversion.put(gitDirectory, 'url', url);
  conversion.differ(
    url,
    'the credentials of Argo CD are not known here: name a Secret in gitDirectory.secretRef, unless the repository is public',
  );
  const revision = fieldAt(field, 'revision');
  const ref = convertRevision(revision, conversion);
  if (ref && revision) conversion.set(gitDirectory, 'ref', ref, revision);
  convertPaths(field, gitDirectory, conversion);
  return gitDirectory;
}

function convertRevision(field: Field | undefined, conversion: Conversion): JsonObject | undefined {
  const revision = conversion.text(field) ?? 'HEAD';
  if (revision === 'HEAD' || revision === '') {
    conversion.differ(field, 'the branch main is read: name another one in gitDirectory.ref.branch');
    return undefined;
  }
  if (isObjectId(revision)) return { commit: revision };
  if (revision.startsWith('refs/tags/')) return { tag: revision.slice('refs/tags/'.length) };
  conversion.differ(field, 'it is taken for a branch: a tag is written gitDirectory.ref.tag');
  return { branch: revision.replace(/^refs\/heads\//, '') };
}

/** What is excluded is so whatever includes it, so each include has all excludes. */
function convertPaths(field: Field, gitDirectory: JsonObject, conversion: Conversion): void {
  const directories = fieldAt(field, 'directories');
  const files = fieldAt(field, 'files');
  const excludes = excludedPaths(directories);
  if (directories && fieldsOf(directories).length > 0) {
    conversion.link(gitDirectory, 'directories', includedPaths(directories, excludes), directories);
    conversion.differ(directories, 'a path without any match is an error that changes nothing');
    for (const entry of fieldsOf(directories)) {
      if (conversion.text(fieldAt(entry, 'path'))?.includes('**'))
        conversion.differ(
          fieldAt(entry, 'path'),
          '** stands for any number of directories, rather than for one name as * does',
        );
      conversion.isOn(fieldAt(entry, 'exclude'));
    }
    return;
  }
  conversion.useEmpty(directories);
  conversion.useEmpty(files);
  if (fieldsOf(files).length === 0) return;
  conversion.differ(files, 'a path without any match is an error that changes nothing');
  const paths: JsonValue[] = [];
  for (const file of fieldsOf(files)) {
    if (fieldAt(file, 'exclude')?.value === true)
      conversion.lose(file, 'files are not excluded: write globs that do not match them');
    else {
      paths.push({ path: fieldAt(file, 'path')?.value ?? '' });
      conversion.text(fieldAt(file, 'path'));
      conversion.isOn(fieldAt(file, 'exclude'));
    }
  }
  gitDirectory['files'] = paths;
}

function excludedPaths(directories: Field | undefined): JsonValue[] {
  return fieldsOf(directories)
    .filter((entry) => fieldAt(entry, 'exclude')?.value === true)
    .map((entry) => fieldAt(entry, 'path')?.value ?? '');
}

function includedPaths(directories: Field, excludes: readonly JsonValue[]): JsonValue[] {
  return fieldsOf(directories)
    .filter((entry) => fieldAt(entry, 'exclude')?.value !== true)
    .map((entry) => ({
      path: fieldAt(entry, 'path')?.value ?? '',
      ...(excludes.length > 0 && { exclude: [...excludes] }),
    }));
}

function directoryPath(name: string): JsonObject {
  return {
    path: `{{ .Element.${name}.path }}`,
    basename: `{{ .Element.${name}.basename }}`,
    basenameNormalized: `{{ normalize .Element.${name}.basename }}`,
    segments: `{{ .Element.${name}.segments | typed }}`,
  };
}

/** Of a file, the path is that of its directory. */
function filePath(name: string): JsonObject {
  const directory = `(dir .Element.${name}.path)`;
  return {
    path: `{{ dir .Element.${name}.path }}`,
    basename: `{{ base ${directory} }}`,
    basenameNormalized: `{{ normalize (base ${directory}) }}`,
    segments: `{{ splitList "/" ${directory} | typed }}`,
    filename: `{{ .Element.${name}.basename }}`,
    filenameNormalized: `{{ normalize .Element.${name}.basename }}`,
  };
}
