/** A metric as a process exports it. */
export interface ExportedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** The labels of its series, but those of buckets. */
  readonly labels: Set<string>;
  /** Names of its series: those of a histogram are three. */
  readonly samples: Set<string>;
}

/** Reads Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function parseExported(text: string): ReadonlyMap<string, ExportedMetric> {
  const metrics = new Map<string, ExportedMetric>();
  let current: ExportedMetric | undefined;
  for (const line of text.split('\n')) {
    const help = /^# HELP (\S+) (.*)$/.exec(line);
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (help) {
      current = { name: help[1] ?? '', help: help[2] ?? '', type: '', labels: new Set(), samples: new Set() };
    } else if (type && current) {
      current = { ...current, type: type[2] ?? '' };
      metrics.set(current.name, current);
    } else if (line !== '') takeSample(line, current);
  }
  return metrics;
}

function takeSample(line: string, metric: ExportedMetric | undefined): void {
  const [, name = '', labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
  if (!metric || !name.startsWith(metric.name)) throw new Error(`no metric is declared for ${line}`);
  metric.samples.add(name);
  for (const [, label = ''] of labels.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g))
    if (label !== 'le') metric.labels.add(label);
}
