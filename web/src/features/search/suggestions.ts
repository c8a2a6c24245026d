import { useQuery } from '@tanstack/react-query';
import { agentsQuery, inboxesQuery, tagsQuery, teamsQuery } from '@/api/directory';
import { fold, matchScore } from '@/lib/fold';
import { useLocale, useT } from '@/lib/i18n';
import { operators, type Operator, type Tail, type Term } from './query';

export const isValues = ['open', 'pending', 'snoozed', 'closed', 'spam', 'trash', 'unread', 'read', 'unassigned', 'assigned', 'waiting', 'overdue', 'following', 'mentioned', 'urgent', 'high', 'normal', 'low'] as const;
export const hasValues = ['attachment', 'note', 'reply', 'draft', 'tag'] as const;
export const inValues = ['spam', 'trash', 'anywhere'] as const;

// Words that the server reads; each language has its own.
const days: Record<string, string[]> = {
  en: ['today', 'yesterday', 'this week', 'last week', 'this month', 'last month'],
  ja: ['今日', '昨日', '今週', '先週', '今月', '先月'],
  tr: ['bugün', 'dün', 'bu hafta', 'geçen hafta', 'bu ay', 'geçen ay'],
  uk: ['сьогодні', 'вчора', 'цього тижня', 'минулого тижня', 'цього місяця', 'минулого місяця'],
};
const allDays = new Set(Object.values(days).flat().map(fold));

/** What may stand where the cursor is: an operator to go on with, or a whole term. */
export interface Suggestion {
  key: string;
  /** Replaces the word that is typed. */
  op: Operator;
  value?: string;
  label: string;
  detail?: string;
}

const most = 8;

export function useValueLabels() {
  const t = useT();
  return (op: Operator, value: string): string => {
    const low = value.toLowerCase();
    if (op === 'is' && (isValues as readonly string[]).includes(low)) return t(`search.is_${low as (typeof isValues)[number]}`);
    if (op === 'has' && (hasValues as readonly string[]).includes(low)) return t(`search.has_${low as (typeof hasValues)[number]}`);
    if (op === 'in' && (inValues as readonly string[]).includes(low)) return t(`search.in_${low as (typeof inValues)[number]}`);
    if ((op === 'assignee' || op === 'from') && low === 'me') return t('search.me');
    if (op === 'assignee' && low === 'none') return t('search.nobody');
    return value;
  };
}

function useValues(op: Operator | undefined): { value: string; detail?: string }[] {
  const locale = useLocale();
  const { data: tags } = useQuery({ ...tagsQuery, enabled: op === 'tag' });
  const { data: agents } = useQuery({ ...agentsQuery, enabled: op === 'assignee' });
  const { data: inboxes } = useQuery({ ...inboxesQuery, enabled: op === 'in' });
  const { data: teams } = useQuery({ ...teamsQuery, enabled: op === 'in' });
  const plain = (list: readonly string[]) => list.map((value) => ({ value }));
  switch (op) {
    case 'is': return plain(isValues);
    case 'has': return plain(hasValues);
    case 'from': return plain(['me']);
    case 'tag': return (tags ?? []).map(({ name }) => ({ value: name }));
    case 'assignee': return [...plain(['me', 'none']), ...(agents ?? []).filter((one) => one.active).map(({ name, email }) => ({ value: name, detail: email }))];
    case 'in': return [...(inboxes ?? []).filter((one) => !one.archived_at).map(({ name, address }) => ({ value: name, detail: address })), ...(teams ?? []).map(({ name }) => ({ value: name })), ...plain(inValues)];
    case 'before': case 'after': return plain([...(days[locale] ?? days.en!), '7d', '30d']);
    default: return [];
  }
}

/** What fits the word that is being typed: operators first, behind a colon their values. */
export function useSuggestions(tail: Tail): Suggestion[] {
  const t = useT();
  const labelOf = useValueLabels();
  const values = useValues(tail.op);
  if (tail.op) {
    const { op } = tail;
    return values
      .map(({ value, detail }) => ({ key: value, op, value, label: labelOf(op, value), detail: detail ?? (labelOf(op, value) === value ? undefined : `${op}:${value}`) }))
      .filter(({ label, value, detail }) => matchScore(`${label} ${value} ${detail ?? ''}`, tail.value) > 0)
      .slice(0, most);
  }
  if (!tail.value) return [];
  const begin = fold(tail.value);
  return operators
    .filter((op) => op.startsWith(begin) || fold(t(`search.op_${op}`)).startsWith(begin))
    .map((op) => ({ key: op, op, label: `${op}:`, detail: t(`search.about_${op}`) }));
}

/** Whether what is typed behind an operator stands for something already, so that it may be searched for. */
export function isWhole({ op, value }: Pick<Term, 'op' | 'value'>, suggested: readonly Suggestion[]): boolean {
  if (op === 'from' || op === 'to' || op === 'order') return /[\p{L}\p{N}]/u.test(value);
  if (op === 'before' || op === 'after') return /^\d{4}-\d{1,2}(-\d{1,2})?$|^[1-9]\d{0,3}[hdw]$/i.test(value) || allDays.has(fold(value));
  return suggested.some((one) => one.value !== undefined && fold(one.value) === fold(value));
}
