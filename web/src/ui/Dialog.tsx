import { clsx } from 'clsx';
import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useT } from '@/lib/i18n';
import { focusFirst } from './focus';
import { IconButton } from './IconButton';
import { LiveRegions } from './LiveRegions';
import css from './Dialog.module.css';

interface FrameProps {
  onClose: () => void;
  children: ReactNode;
  className?: string;
  label?: string;
  labelledBy?: string;
}

/**
 * A modal layer without looks of its own: the browser makes the page under it inert and keeps the focus inside.
 * Render it while it is open. Escape and a press on the backdrop close it; the focus goes back to where it was.
 */
export function ModalFrame({ onClose, children, className, label, labelledBy }: FrameProps) {
  const box = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });

  useLayoutEffect(() => {
    const dialog = box.current!;
    const before = document.activeElement;
    dialog.showModal();
    focusFirst(dialog);
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <dialog
      ref={box}
      tabIndex={-1}
      className={clsx(css.frame, className)}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        close.current();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        close.current();
      }}
      onPointerDown={(event) => {
        if (event.target === box.current) close.current();
      }}
    >
      {children}
      <LiveRegions />
    </dialog>
  );
}

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the foot; the primary one last. */
  actions?: ReactNode;
  wide?: boolean;
  /** As wide as there is room, for two things side by side. */
  full?: boolean;
}

export function Dialog({ title, onClose, children, actions, wide, full }: Props) {
  const t = useT();
  const id = useId();
  return (
    <ModalFrame onClose={onClose} labelledBy={id} className={clsx(css.dialog, wide && css.wide, full && css.full)}>
      <div className={css.inner}>
        <div className={css.head}>
          <h2 id={id}>{title}</h2>
          <IconButton icon="x" label={t('ui.close')} data-closes onClick={onClose} />
        </div>
        <div className={css.body}>{children}</div>
        {actions && <div className={css.foot}>{actions}</div>}
      </div>
    </ModalFrame>
  );
}

/** A panel at the edge: the sidebar or the customer on screens without room for a column. */
export function Drawer({ title, side = 'end', onClose, children }: {
  title: string;
  side?: 'start' | 'end';
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <ModalFrame onClose={onClose} label={title} className={clsx(css.drawer, side === 'start' && css.atStart)}>
      <div className={css.drawerInner}>{children}</div>
    </ModalFrame>
  );
}
