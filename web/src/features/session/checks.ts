import { t } from '@/lib/i18n';
import { shortestPassword } from '@/lib/password';

/** What is wrong with the answers that every door asks for, in words; undefined for what is right. */
export const checks = {
  name: (name: string) => (name.trim() ? undefined : t('session.name_needed')),
  email: (email: string) => (/^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : t('session.email_wrong')),
  password: (password: string, email = '') => {
    if ([...password].length < shortestPassword) return t('session.password_short', { count: shortestPassword });
    return email && password.toLowerCase() === email.trim().toLowerCase() ? t('session.password_is_email') : undefined;
  },
};
