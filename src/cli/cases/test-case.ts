/** A folder with what is rendered, and with what that must give. */
export interface TestCase {
  readonly folder: string;
  /** GeneratorSets, or a ready-made template with sample elements. */
  readonly kind: 'set' | 'template';
  /** The files with GeneratorSets; none for a template. */
  readonly files: readonly string[];
}

/** The files of a case, by the names that they have in each folder. */
export const EXPECTED_FILE = 'expected.yaml';
export const ELEMENTS_FILE = 'elements.yaml';
export const TEMPLATE_FILE = 'template.yaml';
/** The folders of a case: recorded answers, and Secrets, ConfigMaps and other objects that its sets refer to. */
export const REPLAY_FOLDER = 'replay';
export const OBJECTS_FOLDER = 'objects';

/** What became of one case. */
export interface CaseResult {
  readonly folder: string;
  readonly kind: TestCase['kind'];
  readonly passed: boolean;
  /** How many resources were rendered; 0 when rendering failed. */
  readonly resources: number;
  readonly seconds: number;
  /** What is wrong, where anything is. */
  readonly message?: string;
  /** The unified diff from what is expected to what was rendered. */
  readonly diff?: string;
  /** Whether `expected.yaml` was written anew. */
  readonly updated: boolean;
}
