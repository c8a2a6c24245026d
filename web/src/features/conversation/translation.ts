import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Sent } from '@/api/schema';
import type { Id } from '@/api/types';
import { intlLocale } from '@/lib/i18n';

export type Offer = Answer<'/conversations/{id}/translation'>;
export type Translation = Answer<'/conversations/{id}/translate', 'post'>;

/** Whether texts of a conversation can be translated, and the customer's language. */
export const offerQuery = (id: Id) => queryOptions({
  queryKey: ['translation', 'offer', id], staleTime: 5 * 60_000, retry: false, refetchInterval: false,
  queryFn: ({ signal }) => api.get<Offer>(`/conversations/${id}/translation`, { signal }),
});

export function translate(id: Id, body: Sent<'/conversations/{id}/translate'>, signal?: AbortSignal): Promise<Translation> {
  return api.post<Translation>(`/conversations/${id}/translate`, { body, signal });
}

/** A language in the reader's own words: “Turkish”, “トルコ語”. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([intlLocale()], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // no language that a browser knows
  }
}

/** The same but for the region: en and en-GB need no translation. */
export const sameLanguage = (a: string, b: string) => a.toLowerCase().split('-')[0] === b.toLowerCase().split('-')[0];
