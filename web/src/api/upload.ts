import { intlLocale } from '@/lib/i18n';
import { address } from './client';
import { ApiProblem } from './problem';
import type { Attachment } from './types';

/** The largest file that can be attached, in bytes. */
export const largestFile = 25 * 1024 * 1024;

export interface Upload {
  done: Promise<Attachment>;
  abort: () => void;
}

/** Sends a file; progress hears the part that has left, from 0 to 1. fetch cannot tell it, so this is the older way. */
export function upload(file: File, progress: (part: number) => void, query = ''): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    request.open('POST', address('/attachments') + query);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Accept-Language', intlLocale());
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => reject(new ApiProblem(0));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Attachment);
      else reject(new ApiProblem(request.status, (request.response as Record<string, unknown> | null) ?? {}));
    };
    const form = new FormData();
    form.append('file', file, file.name || 'image.png');
    request.send(form);
  });
  return { done, abort: () => request.abort() };
}
