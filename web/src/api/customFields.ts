import { list } from './directory';
import type { CustomField } from './types';

export type FieldSubject = CustomField['subject'];

export const customFieldKeys = {
  all: ['custom-fields'] as const,
  of: (subject: FieldSubject) => ['custom-fields', subject] as const,
};

/** The shop's own fields of a subject in their order, archived ones last. */
export const customFieldsQuery = (subject: FieldSubject) => list<CustomField>(customFieldKeys.of(subject), '/custom-fields', { subject });
