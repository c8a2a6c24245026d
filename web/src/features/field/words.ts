import type { CustomField } from '@/api/types';
import type { MessageKey } from '@/lib/i18n';

export const kindWords: Record<CustomField['kind'], MessageKey> = {
  text: 'fields.kind_text', number: 'fields.kind_number', choice: 'fields.kind_choice', date: 'fields.kind_date',
};
