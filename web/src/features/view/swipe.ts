import type { QueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { meQuery } from '@/api/directory';
import { catalog, type CommandId } from '@/lib/commands';
import { t } from '@/lib/i18n';
import { icons } from '@/lib/icons';
import { moveSwipes, usual, type Swipe } from './swipes';
import css from './swipe.module.css';

const swipeCommands: Record<Exclude<Swipe, 'none'>, CommandId> = {
  close: 'conversation.close', snooze: 'conversation.snooze', assign_me: 'conversation.assign_me', unread: 'conversation.unread',
};

// The system's own gesture to go back begins at the edge.
const edge = 24;
const begins = 12;

interface Moving {
  row: HTMLElement;
  id: number;
  x: number;
  y: number;
  pointer: number;
  /** 1 to the right, -1 to the left; it never turns over to the other side. */
  way: 1 | -1;
  behind?: HTMLElement;
  command?: CommandId;
  far: boolean;
}

/** Follows the finger as my account says. */
export function startSwipes(box: HTMLElement, queries: QueryClient, run: (id: number, command: CommandId) => void): () => void {
  const me = () => queries.getQueryData(meQuery.queryKey);
  const now = me();
  if (now) void moveSwipes(queries, now);
  return followSwipes(box, () => ({ toEnd: me()?.swipe_to_end ?? usual.swipe_to_end, toStart: me()?.swipe_to_start ?? usual.swipe_to_start }), run);
}

/** A finger that draws a row aside: the row follows it, what will happen stands behind, and letting go far enough does it. */
function followSwipes(box: HTMLElement, swipes: () => { toEnd: Swipe; toStart: Swipe }, run: (id: number, command: CommandId) => void): () => void {
  let now: Moving | undefined;

  const down = (event: PointerEvent) => {
    const row = (event.target as Element).closest<HTMLElement>('[role=option]');
    const id = Number(row?.id.replace('row-', ''));
    if (!row || !id || event.pointerType !== 'touch' || !event.isPrimary) return;
    if (event.clientX < edge || event.clientX > window.innerWidth - edge) return;
    now = { row, id, x: event.clientX, y: event.clientY, pointer: event.pointerId, way: 1, far: false };
  };

  const move = (event: PointerEvent) => {
    if (!now || event.pointerId !== now.pointer) return;
    const by = event.clientX - now.x;
    if (!now.behind) {
      if (Math.abs(by) < begins) return;
      if (Math.abs(event.clientY - now.y) > Math.abs(by)) return void (now = undefined);
      const rtl = getComputedStyle(box).direction === 'rtl';
      const toEnd = by > 0 !== rtl;
      const swipe = toEnd ? swipes().toEnd : swipes().toStart;
      if (swipe === 'none') return void (now = undefined);
      now.way = by > 0 ? 1 : -1;
      now.command = swipeCommands[swipe];
      now.behind = behindOf(now.row, now.command, toEnd);
      now.row.setPointerCapture?.(now.pointer);
      now.row.classList.add(css.moving!);
    }
    const shift = now.way > 0 ? Math.max(0, by) : Math.min(0, by);
    now.far = Math.abs(shift) > Math.min(120, now.row.clientWidth * 0.35);
    now.row.style.translate = `${shift}px 0`;
    now.behind.classList.toggle(css.far!, now.far);
  };

  const end = (event: PointerEvent) => {
    if (!now || event.pointerId !== now.pointer) return;
    const { row, id, behind, command, far } = now;
    now = undefined;
    if (!behind) return;
    row.classList.remove(css.moving!);
    row.style.translate = '';
    setTimeout(() => behind.remove(), 160);
    // The finger that lets go would open the conversation.
    const still = (click: Event) => {
      click.stopPropagation();
      click.preventDefault();
    };
    box.addEventListener('click', still, { capture: true, once: true });
    setTimeout(() => box.removeEventListener('click', still, { capture: true }), 60);
    if (far && command && event.type === 'pointerup') run(id, command);
  };

  // Else the browser keeps the finger's momentum, and a tap soon after, on Undo, would only stop that.
  const own = (event: TouchEvent) => {
    if (now?.behind && event.cancelable) event.preventDefault();
  };
  box.addEventListener('touchmove', own, { passive: false });

  const listeners = { pointerdown: down, pointermove: move, pointerup: end, pointercancel: end };
  for (const [type, listener] of Object.entries(listeners)) box.addEventListener(type, listener as EventListener);
  return () => {
    box.removeEventListener('touchmove', own);
    for (const [type, listener] of Object.entries(listeners)) box.removeEventListener(type, listener as EventListener);
  };
}

// Readers have the menu of the row for the same.
function behindOf(row: HTMLElement, command: CommandId, toEnd: boolean): HTMLElement {
  const behind = document.createElement('div');
  behind.className = clsx(css.behind, !toEnd && css.atEnd, command === 'conversation.close' ? css.done : css.other);
  behind.setAttribute('aria-hidden', 'true');
  behind.style.transform = row.style.transform;
  behind.style.height = `${row.clientHeight}px`;
  const { icon, title } = catalog[command];
  const words = command === 'conversation.close' ? t('ui.close') : t(title);
  behind.innerHTML = `<svg viewBox="0 0 16 16" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">${icon ? icons[icon] : ''}</svg>`;
  behind.append(Object.assign(document.createElement('span'), { textContent: words }));
  row.before(behind);
  return behind;
}
