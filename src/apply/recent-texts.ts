/** Characters of all texts: those of 20,000 objects as they usually are. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
/** Characters of one text; what is longer is read by nobody. */
const MAX_LENGTH = 64 * 1024;

/** A text that is kept as long as there is room for it. */
export interface RecentText {
  readonly text: string | undefined;
}

/** What was rendered for the objects that all sets of a process applied last; the oldest make room for the newest. */
export class RecentTexts {
  readonly #limit: number;
  readonly #texts = new Set<{ text: string | undefined }>();
  #size = 0;

  constructor(limit = MAX_CHARACTERS) {
    this.#limit = limit;
  }

  keep(text: string): RecentText {
    const recent = { text: text.length <= MAX_LENGTH ? text : undefined };
    if (recent.text === undefined) return recent;
    this.#texts.add(recent);
    this.#size += text.length;
    for (const oldest of this.#texts) {
      if (this.#size <= this.#limit) break;
      this.drop(oldest);
    }
    return recent;
  }

  drop(recent: RecentText): void {
    const kept = recent as { text: string | undefined };
    if (!this.#texts.delete(kept)) return;
    this.#size -= kept.text?.length ?? 0;
    kept.text = undefined;
  }
}
