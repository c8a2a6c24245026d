import type { ComponentProps } from 'react';
import { useT } from '@/lib/i18n';
import { Input } from '@/ui/Field';

/** The code of the second step: six digits from the app, or a recovery code. */
export function CodeField(props: Omit<ComponentProps<typeof Input>, 'label' | 'help'>) {
  const t = useT();
  return (
    <Input
      {...props} label={t('session.code')} help={t('session.code_help')} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} autoFocus
    />
  );
}
