import { useEffect } from 'react';

let page = '';
let unread = 0;

function show() {
  const title = page ? `${page} · Deskbell` : 'Deskbell';
  document.title = unread ? `(${unread > 99 ? '99+' : unread}) ${title}` : title;
}

/** The title of the browser's tab: what the page is about, then the product. */
export function useTitle(title: string): void {
  useEffect(() => {
    page = title;
    show();
  }, [title]);
}

/** Puts a number before the title; 0 takes it away. */
export function setTitleCount(count: number): void {
  unread = count;
  show();
}
