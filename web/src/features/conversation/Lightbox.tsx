import type { Attachment } from '@/api/types';
import { useT } from '@/lib/i18n';
import { ModalFrame } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import css from './Lightbox.module.css';

interface Props {
  pictures: readonly Attachment[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

/** A picture as large as the window allows; arrows go to the next. */
export function Lightbox({ pictures, at, onMove, onClose }: Props) {
  const t = useT();
  const picture = pictures[at];
  if (!picture) return null;
  const go = (step: number) => onMove((at + step + pictures.length) % pictures.length);
  return (
    <ModalFrame onClose={onClose} label={picture.name} className={css.box}>
      <div
        className={css.inner}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') go(1);
          if (event.key === 'ArrowLeft') go(-1);
        }}
      >
        <header className={css.bar}>
          <bdi className="grow trunc">{picture.name}</bdi>
          {pictures.length > 1 && <span className="num">{`${at + 1} / ${pictures.length}`}</span>}
          {pictures.length > 1 && <IconButton icon="left" label={t('message.previous_picture')} onClick={() => go(-1)} />}
          {pictures.length > 1 && <IconButton icon="right" label={t('message.next_picture')} onClick={() => go(1)} />}
          <a className={css.download} href={`${picture.url}?download=1`} download={picture.name}>{t('message.download')}</a>
          <IconButton icon="x" label={t('ui.close')} onClick={onClose} />
        </header>
        <div className={css.stage} onClick={(event) => event.target === event.currentTarget && onClose()}>
          <img src={picture.url} alt={picture.name} />
        </div>
      </div>
    </ModalFrame>
  );
}
