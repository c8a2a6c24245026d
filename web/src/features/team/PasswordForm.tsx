import { teamKeys, mine } from './queries';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { shortestPassword, strengthOf } from '@/lib/password';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { Two } from '@/ui/Page';
import { toast } from '@/ui/Toast';
import css from './ProfilePage.module.css';

export function PasswordForm({ email }: { email: string }) {
  const t = useT();
  const queries = useQueryClient();
  const form = useForm({ current_password: '', new_password: '' }, {
    check: ({ current_password, new_password }) => ({
      current_password: current_password ? undefined : t('session.password_needed'),
      new_password: [...new_password].length < shortestPassword ? t('session.password_short', { count: shortestPassword }) : undefined,
    }),
    save: async (values) => {
      await mine.password(values);
      await queries.invalidateQueries({ queryKey: teamKeys.sessions });
      toast({ text: t('profile.password_changed') });
    },
  });
  const { new_password: chosen } = form.values;
  const strength = strengthOf(chosen, [email]);
  const words = { short: t('session.password_rule', { count: shortestPassword }), weak: t('session.password_weak'), fair: t('session.password_fair'), strong: t('session.password_strong') };
  return (
    <form className={css.fields} {...form.props}>
      {form.fault && <Banner tone="bad">{form.fault}</Banner>}
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Two>
        <Input label={t('profile.current_password')} type="password" autoComplete="current-password" {...form.text('current_password')} />
        <Input label={t('session.new_password')} type="password" autoComplete="new-password" help={words[strength]} {...form.text('new_password')} />
      </Two>
      <div><Button type="submit" busy={form.busy} disabled={!form.dirty}>{t('profile.password_change')}</Button></div>
    </form>
  );
}
