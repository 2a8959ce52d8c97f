/** A path as templates see it. */
export function describePath(path: string): { path: string; basename: string; segments: string[] } {
  const segments = path.split('/');
  return { path, basename: segments.at(-1) as string, segments };
}
