import type { ArchiveListing } from './read-archive.ts';

/** Bytes and number of the archives that are kept. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ARTIFACTS = 32;

/** An archive whose digest was checked, and what it holds. */
export interface KnownArtifact {
  readonly archive: Buffer;
  readonly listing: ArchiveListing;
}

/** Keeps the archives that were used last, packed as they came, so that sets share one download. */
export class ArtifactCache {
  readonly #artifacts = new Map<string, KnownArtifact>();
  #bytes = 0;

  get(key: string): KnownArtifact | undefined {
    const artifact = this.#artifacts.get(key);
    if (!artifact) return undefined;
    // Insertion order is the order of use.
    this.#artifacts.delete(key);
    this.#artifacts.set(key, artifact);
    return artifact;
  }

  /** Keeps an artifact, unless it alone is too big, and lets those go that were not used for longest. */
  set(key: string, artifact: KnownArtifact): void {
    if (artifact.archive.length > MAX_BYTES || this.#artifacts.has(key)) return;
    this.#artifacts.set(key, artifact);
    this.#bytes += artifact.archive.length;
    for (const [oldest, { archive }] of this.#artifacts) {
      if (this.#bytes <= MAX_BYTES && this.#artifacts.size <= MAX_ARTIFACTS) return;
      this.#artifacts.delete(oldest);
      this.#bytes -= archive.length;
    }
  }
}
