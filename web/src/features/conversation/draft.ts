import { isProblem, staleVersion } from '@/api/problem';
import type { Change } from '@/api/conversations';
import type { Address, Attachment, Draft, Id } from '@/api/types';
import { createStore } from '@/lib/store';

/** What stands in the composer. Recipients are undefined while they are those the conversation suggests. */
export interface Content {
  kind: 'reply' | 'note';
  text: string;
  html: string;
  to?: Address[];
  cc?: Address[];
  bcc?: Address[];
  /** Our address; undefined while it is the one that the customer wrote to. */
  from?: string;
  /** A failed message in whose place this is sent. */
  replaces?: Id;
  attachments: Attachment[];
  /** Text alone, without formats. */
  plain?: boolean;
  /** What the customer wrote last is not quoted below. */
  withoutQuote?: boolean;
  /** Colleagues see it and may take it over. */
  shared?: boolean;
  /** It was stopped because something newer was there; nothing was sent. */
  held?: boolean;
  /** What a macro changes; it goes along when this is sent. */
  then?: Change;
}

export const emptyContent: Content = { kind: 'reply', text: '', html: '', attachments: [] };

/** The same for who writes plain text by default. */
export const plainContent: Content = { ...emptyContent, plain: true };

/** What the row of the conversation shows of it, until the server says it. */
export function rowOf(content: Content): { draft: boolean; draft_preview: string } {
  return { draft: !isEmpty(content), draft_preview: content.text.trim().replace(/\s+/g, ' ').slice(0, 200) };
}

/** Nothing in it that anybody would miss. */
export function isEmpty(content: Content): boolean {
  return !content.then && content.text.trim() === '' && !content.html.includes('<img') && content.attachments.every((file) => file.inline);
}

export function contentOf(draft: Draft): Content {
  const some = (list: Address[]) => (list.length ? list : undefined);
  return {
    kind: draft.kind, text: draft.text, html: draft.html || textToHtml(draft.text),
    to: some(draft.to), cc: some(draft.cc), bcc: some(draft.bcc), attachments: draft.attachments, then: (draft.then as Change | null) ?? undefined,
    ...(draft.from && { from: draft.from }), ...(draft.replaces_message_id && { replaces: draft.replaces_message_id }),
    ...(draft.plain && { plain: true }), ...(draft.without_quote && { withoutQuote: true }), ...(draft.shared && { shared: true }), ...(draft.held && { held: true }),
  };
}

export function textToHtml(text: string): string {
  const safe = (line: string) => line.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
  return text ? text.split('\n').map((line) => `<p>${safe(line)}</p>`).join('') : '';
}

/** What is kept on this device. */
export interface LocalDraft {
  content: Content;
  /** The version on the server that it was written on. */
  version: number;
  /** The server does not have it yet. */
  unsaved: boolean;
}

export interface DraftStatus {
  state: 'idle' | 'unsaved' | 'saving' | 'saved' | 'device';
  /** What another device wrote meanwhile; until somebody chooses, ours is kept here only. */
  other?: Draft;
}

export interface DraftPlaces {
  keep: (id: Id, draft: LocalDraft) => void;
  drop: (id: Id) => void;
  save: (id: Id, content: Content, version: number, leaving: boolean) => Promise<{ version: number }>;
  discard: (id: Id) => Promise<void>;
}

const localPause = 300;
const serverPause = 1000;
const tryAgain = 10_000;

/**
 * Saves a draft while it is written: on the device after 300 ms, on the server after a second. One save at a time;
 * what changed during it follows. A draft that another device changed is never overwritten unasked.
 */
export class DraftKeeper {
  readonly status = createStore<DraftStatus>({ state: 'idle' });
  private content?: Content;
  private dirty = false;
  // Counts how often the draft ended; a save that began before has nothing to say any more.
  private life = 0;
  // What the server last took from us. A reply that is stopped leaves it there, and it is no other device's.
  private taken?: { version: number; text: string };
  private saving?: Promise<void>;
  private localTimer?: ReturnType<typeof setTimeout>;
  private serverTimer?: ReturnType<typeof setTimeout>;

  constructor(private readonly id: Id, private readonly places: DraftPlaces, private version = 0) {}

  changed(content: Content): void {
    this.content = content;
    this.dirty = true;
    this.status.set((now) => ({ ...now, state: 'unsaved' }));
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keep(), localPause);
    this.later(serverPause);
  }

  /** Now, because the page or the field is being left. */
  flush(leaving = false): void {
    if (!this.dirty) return;
    this.keep();
    clearTimeout(this.serverTimer);
    void this.save(leaving);
  }

  /** What is in the composer was read from the server, or kept here, with this version. */
  based(version: number): void {
    this.version = version;
  }

  /** No save is under way: the server will not hear of this text any more unless it is changed. */
  async settled(): Promise<void> {
    clearTimeout(this.serverTimer);
    this.dirty = false;
    await this.saving;
  }

  /** The draft is now the one the server answered with, as after undo. */
  adopt(version: number): void {
    this.forget();
    this.version = version;
  }

  /** There is no draft any more: it was sent. */
  forget(): void {
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    this.life++;
    this.dirty = false;
    this.content = undefined;
    this.version = 0;
    this.places.drop(this.id);
    this.status.set({ state: 'idle' });
  }

  /** Throws the draft away everywhere. */
  async discard(): Promise<void> {
    this.forget();
    await this.saving;
    await this.places.discard(this.id);
  }

  /** Ends the question which of two drafts counts: ours, on top of the other. */
  keepOurs(): void {
    const other = this.status.get().other;
    if (!other) return;
    this.version = other.version;
    this.status.set({ state: 'unsaved' });
    this.dirty = true;
    void this.save();
  }

  takeOther(): Draft | undefined {
    const other = this.status.get().other;
    if (other) this.adopt(other.version);
    return other;
  }

  private keep() {
    clearTimeout(this.localTimer);
    if (!this.content) return;
    if (isEmpty(this.content)) this.places.drop(this.id);
    else this.places.keep(this.id, { content: this.content, version: this.version, unsaved: this.dirty });
  }

  private later(ms: number) {
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => void this.save(), ms);
  }

  private save(leaving = false): Promise<void> {
    this.saving = (this.saving ?? Promise.resolve()).then(() => this.saveOnce(leaving));
    return this.saving;
  }

  private async saveOnce(leaving: boolean) {
    const content = this.content;
    if (!this.dirty || !content || this.status.get().other) return;
    this.dirty = false;
    const life = this.life;
    this.status.set({ state: 'saving' });
    try {
      if (isEmpty(content)) {
        if (this.version) await this.places.discard(this.id);
        this.version = 0;
        if (!this.dirty) this.status.set({ state: 'idle' });
        return;
      }
      const saved = await this.places.save(this.id, content, this.version, leaving);
      if (life !== this.life) return;
      this.version = saved.version;
      this.taken = { version: saved.version, text: content.text };
      if (this.dirty) return;
      this.places.keep(this.id, { content, version: this.version, unsaved: false });
      this.status.set({ state: 'saved' });
    } catch (error) {
      if (life === this.life) this.refused(error);
    }
  }

  private refused(error: unknown) {
    this.dirty = true;
    const other = isProblem(error, staleVersion) ? (error.body.draft as Draft | undefined) : undefined;
    if (other && other.version === this.taken?.version && other.text.trim() === this.taken.text.trim()) {
      this.version = other.version;
      this.taken = undefined;
      return this.later(0);
    }
    this.status.set({ state: 'device', other });
    if (!other) this.later(tryAgain);
  }
}
