import { useState } from 'react';
import { directoryKeys, tagsQuery } from '@/api/directory';
import type { Tag } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { TagDot } from '@/ui/Chip';
import { Confirm } from '@/ui/Confirm';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { tagWrites } from './queries';
import { TagDialog } from './TagDialog';

export function TagsPage() {
  const t = useT();
  const tags = useWaiting(tagsQuery);
  const [open, setOpen] = useState<Tag | 'new'>();
  const [leaving, setLeaving] = useState<Tag>();
  const remove = useWrite(tagWrites.remove, { renews: [directoryKeys.tags, ['conversations']] });
  return (
    <Page title={t('settings.tags')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('new')}>{t('tags.new')}</Button>}>
      <p className="muted">{t('tags.text')}</p>
      <Awaited of={tags} bones={<RowBones count={5} lead={false} />}>
        {(all) => all.length === 0 ? (
          <EmptyState title={t('tags.none')} actions={<Button onClick={() => setOpen('new')}>{t('tags.new')}</Button>}>{t('tags.none_text')}</EmptyState>
        ) : (
          <Rows label={t('settings.tags')}>
            {all.map((tag) => (
              <Row
                key={tag.id} lead={<TagDot color={tag.color} />} title={<bdi>{tag.name}</bdi>} onOpen={() => setOpen(tag)}
                end={<IconButton icon="trash" label={t('tags.delete_of', { name: tag.name })} onClick={() => setLeaving(tag)} />}
              />
            ))}
          </Rows>
        )}
      </Awaited>
      {open && <TagDialog tag={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
      {leaving && (
        <Confirm
          title={t('tags.delete_title', { name: leaving.name })} text={t('tags.delete_text')} label={t('ui.delete')}
          onYes={() => remove.mutate(leaving.id)} onClose={() => setLeaving(undefined)}
        />
      )}
    </Page>
  );
}
