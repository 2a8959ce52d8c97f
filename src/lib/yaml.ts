/** YAML as Kubernetes' users know it: read with the meaning of sigs.k8s.io/yaml, written so that it reads back. */
export {
  parseYaml,
  parseYamlDocuments,
  type ReadOptions,
  type YamlDocument,
  YamlError,
} from './yaml-read.ts';
export { isWrittenPlain, resolvePlainScalar } from './yaml-scalar.ts';
export { stringifyYaml, stringifyYamlDocuments, type WriteOptions } from './yaml-write.ts';
