import type { ComponentType } from 'react';
import type { Attachment } from '@/api/types';

/** What the app puts in: the composer's field, and what shows a mail. */
export interface Slots {
  Field: ComponentType<{
    label: string;
    html: string;
    attached: readonly Attachment[];
    invalid?: boolean;
    onText: (html: string) => void;
    onAttached: (change: (now: readonly Attachment[]) => readonly Attachment[]) => void;
    Tools?: ComponentType<{ onInsert: (text: string) => void }>;
  }>;
  Shown: ComponentType<{ text: string; html: string }>;
}
