import { useEffect, useRef, useState } from 'react';
import type { Attachment } from '@/api/types';
import { largestFile, upload } from '@/api/upload';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';

/** A file on its way to the server. */
export interface FileOnItsWay {
  key: number;
  name: string;
  size: number;
  /** From 0 to 1. */
  part: number;
  error?: string;
  abort: () => void;
}

let nextKey = 1;

/** Uploads files as they are chosen; each is handed over when the server has it. */
export function useFiles(onDone: (file: Attachment) => void) {
  const t = useT();
  const [files, setFiles] = useState<readonly FileOnItsWay[]>([]);
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  const change = (key: number, fields: Partial<FileOnItsWay>) =>
    setFiles((now) => now.map((file) => (file.key === key ? { ...file, ...fields } : file)));
  const remove = (key: number) => setFiles((now) => now.filter((file) => file.key !== key));

  const add = (chosen: readonly File[], inText?: (file: Attachment, from: File) => void) => {
    for (const file of chosen) {
      const key = nextKey++;
      const entry = { key, name: file.name || 'image.png', size: file.size, part: 0, abort: () => remove(key) };
      if (file.size > largestFile) {
        setFiles((now) => [...now, { ...entry, error: t('composer.too_large') }]);
        continue;
      }
      const started = upload(file, (part) => change(key, { part }), inText && '?inline=true');
      setFiles((now) => [...now, {
        ...entry,
        abort: () => {
          started.abort();
          remove(key);
        },
      }]);
      started.done.then(
        (attachment) => {
          remove(key);
          done.current(attachment);
          inText?.(attachment, file);
        },
        (error: unknown) => change(key, { error: problemText(error) }),
      );
    }
  };
  return { files, add, busy: files.some((file) => !file.error) };
}
