import { api } from '@/api/client';
import type { CustomField, Id } from '@/api/types';

export type NewField = Pick<CustomField, 'subject' | 'label' | 'kind' | 'choices' | 'required_on_close'> & Pick<Partial<CustomField>, 'shown_when'>;

export const fieldWrites = {
  create: (body: NewField) => api.post<CustomField>('/custom-fields', { body }),
  change: ({ id, ...body }: Partial<Omit<CustomField, 'id'>> & { id: Id }) => api.patch<CustomField>(`/custom-fields/${id}`, { body }),
};

export type Values = Readonly<Record<string, unknown>>;

/** Whether a field is to be seen beside these values. */
export function isShown(field: CustomField, values: Values): boolean {
  const { shown_when: when } = field;
  return !when?.key || (when.choices ?? []).includes(String(values[when.key] ?? ''));
}
