import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import en from '../../locales/en.json';
import settings from '../../locales/en.json?settings';
import { showCatalog } from '@/lib/i18n';

// happy-dom has dialogs but no top layer: :modal is unknown to it.
const query = document.querySelector.bind(document);
document.querySelector = ((selector: string) => query(selector.replace(':modal', ''))) as typeof document.querySelector;

beforeEach(() => {
  localStorage.clear();
  showCatalog('en', { ...en, ...settings });
});

afterEach(cleanup);
