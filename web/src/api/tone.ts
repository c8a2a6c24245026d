import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Answer, Item, Sent } from './schema';
import type { Page } from './types';

/** The tone guide, as the composer asks it and settings keep it. */
export type ToneRule = Item<'/tone-rules'>;
export type ToneRuleValues = Sent<'/tone-rules'>;
export type Checked = Answer<'/tone-rules/try', 'post'>;
export type Finding = Checked['findings'][number];

export const toneKeys = { rules: ['tone-rules'] as const };

export const toneRulesQuery = queryOptions({
  queryKey: toneKeys.rules,
  queryFn: async ({ signal }) => (await api.get<Page<ToneRule>>('/tone-rules', { signal })).items,
  staleTime: 5 * 60_000,
});
