import { useEffect, useState } from 'react';
import { useT } from '@/lib/i18n';
import { guardLeaving } from '@/lib/router';
import { Button } from './Button';
import { Dialog } from './Dialog';

/** Asks before the page is left while something on it is not saved. */
export function LeaveGuard({ when }: { when: boolean }) {
  const t = useT();
  const [answer, setAnswer] = useState<{ give: (leave: boolean) => void }>();
  useEffect(() => {
    if (!when) return;
    return guardLeaving(() => new Promise((give) => setAnswer({ give })));
  }, [when]);
  if (!answer) return null;
  const say = (leave: boolean) => {
    answer.give(leave);
    setAnswer(undefined);
  };
  return (
    <Dialog
      title={t('ui.leave_title')}
      onClose={() => say(false)}
      actions={
        <>
          <Button variant="danger" onClick={() => say(true)}>{t('ui.leave_yes')}</Button>
          <Button variant="primary" data-autofocus onClick={() => say(false)}>{t('ui.leave_no')}</Button>
        </>
      }
    >
      <p>{t('ui.leave_text')}</p>
    </Dialog>
  );
}
