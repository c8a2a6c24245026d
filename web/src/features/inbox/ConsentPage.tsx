import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { directoryKeys } from '@/api/directory';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Page } from '@/ui/Page';
import { toast } from '@/ui/Toast';
import { inboxKeys, inboxWrites } from './queries';

/** Where the provider sends the browser back to: hands over what it brings, and goes on to the inbox. */
export function ConsentPage() {
  const t = useT();
  const queries = useQueryClient();
  const [fault, setFault] = useState('');
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return; // what it brings works once
    begun.current = true;
    const brought = new URLSearchParams(location.search);
    const of = (name: string) => brought.get(name) ?? undefined;
    inboxWrites.finishConsent({ state: of('state') ?? '', code: of('code'), error: of('error') }).then(
      ({ inbox_id }) => {
        toast({ text: t('inboxes.consent_done') });
        void queries.invalidateQueries({ queryKey: inboxKeys.health(inbox_id) });
        void queries.invalidateQueries({ queryKey: directoryKeys.inboxes });
        void navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: String(inbox_id) }, replace: true });
      },
      (problem: unknown) => setFault(problemText(problem)),
    );
  }, [queries, t]);
  return (
    <Page title={t('inboxes.consent')} column>
      {fault ? (
        <Banner tone="bad" actions={<Button size="sm" onClick={() => void navigate({ to: '/settings/inboxes', replace: true })}>{t('settings.inboxes')}</Button>}>
          {fault}
        </Banner>
      ) : <p className="muted" role="status">{t('inboxes.consent_taking')}</p>}
    </Page>
  );
}
