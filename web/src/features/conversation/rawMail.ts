import { address } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import type { Id } from '@/api/types';
import { intlLocale } from '@/lib/i18n';

/** Saves a message as the mail it is: as it arrived, or as it is sent. */
export async function saveMail(id: Id): Promise<void> {
  const response = await fetch(address(`/messages/${id}/raw`), { credentials: 'same-origin', headers: { 'Accept-Language': intlLocale() } }).catch(() => {
    throw new ApiProblem(0);
  });
  if (!response.ok) throw new ApiProblem(response.status, await response.json().catch(() => ({})) as Record<string, unknown>);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = `message-${id}.eml`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
