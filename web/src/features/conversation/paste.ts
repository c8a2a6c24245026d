import { t } from '@/lib/i18n';
import { toast } from '@/ui/Toast';

// The server takes a message of 1 MiB, text and HTML together.
const longestText = 200_000;
const longestHtml = 600_000;

/** A pasted text that is too long for a message goes along as a file. False when it fits. */
export function takeLong(data: DataTransfer | null, onFiles: (files: File[]) => void): boolean {
  const text = data?.getData('text/plain') ?? '';
  if (text.length <= longestText) return false;
  onFiles([new File([text], `${t('composer.pasted')}.txt`, { type: 'text/plain' })]);
  toast({ text: t('composer.paste_file') });
  return true;
}

/** The text alone, when what stands around it is many times as long. */
export function textAlone(data: DataTransfer | null): string | undefined {
  if ((data?.getData('text/html').length ?? 0) <= longestHtml) return undefined;
  return data?.getData('text/plain') || undefined;
}
