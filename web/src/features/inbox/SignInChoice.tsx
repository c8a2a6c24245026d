import { useQuery } from '@tanstack/react-query';
import { can, meQuery } from '@/api/directory';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { RadioCards } from '@/ui/Toggle';
import type { SignInService } from './queries';
import { serviceName, type ServiceKey } from './serviceNames';
import type { SignIn } from './servers';

interface Props {
  service: ServiceKey;
  services?: SignInService[];
  value: SignIn;
  onChange: (value: SignIn) => void;
}

/** With a password, or with what the owner of the mailbox allows at their provider. */
export function SignInChoice({ service, services, value, onChange }: Props) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const ready = services?.find(({ key }) => key === service)?.ready ?? false;
  const name = serviceName(service);
  // Nobody has to read of services that this shop does not use.
  if (service === 'other' && !ready && value === 'password') return null;
  return (
    <>
      <RadioCards
        legend={t('inboxes.sign_in')} columns={2} value={value} onChange={onChange}
        options={[
          { value: 'consent', label: t('inboxes.by_consent', { service: name }), help: t('inboxes.by_consent_help') },
          { value: 'password', label: t('inboxes.by_password'), help: t('inboxes.by_password_help') },
        ]}
      />
      {value === 'consent' && services && !ready && (
        <Banner tone="warn" actions={can(me, 'settings:manage') && <Link to="/settings/sign-in-services">{t('settings.sign_in_services')}</Link>}>
          {t('inboxes.service_not_ready', { service: name })}
        </Banner>
      )}
    </>
  );
}
