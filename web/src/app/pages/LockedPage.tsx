import { useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { directoryKeys } from '@/api/directory';
import { useWrite } from '@/api/useWrite';
import { Door } from '@/features/session/Door';
import { SecondStepSetup } from '@/features/team/SecondStepSetup';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Button } from '@/ui/Button';

/** Everybody here needs a second step and this person has none: nothing else is possible before. */
export function LockedPage() {
  const t = useT();
  const queries = useQueryClient();
  const leave = useWrite(() => api.delete('/session'));
  return (
    <Door title={t('step.locked')} text={t('step.locked_text')}>
      <SecondStepSetup onDone={() => void queries.invalidateQueries({ queryKey: directoryKeys.me })} />
      <Button variant="ghost" onClick={() => leave.mutate(undefined, { onSuccess: () => void navigate({ to: '/sign-in' }).then(() => queries.clear()) })}>
        {t('cmd.sign_out')}
      </Button>
    </Door>
  );
}
