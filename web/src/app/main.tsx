import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { preferredLocale, setLocale } from '@/lib/i18n';
import { startRouter } from '@/lib/router';
import { followSystemTheme } from '@/lib/theme';
import '@/ui/base.css';
import '@/ui/tokens.css';
import '@/ui/fonts.css';
import { App } from './App';
import { CrashScreen } from './CrashScreen';
import { meetMe } from './guard';
import { queryClient } from './queryClient';
import { routes } from './routes';

async function start() {
  followSystemTheme();
  const words = setLocale(preferredLocale()).catch(() => setLocale('en'));
  await Promise.all([words.then(meetMe), startRouter(routes)]);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <CrashScreen>
        <QueryClientProvider client={queryClient}>
          <App />
        </QueryClientProvider>
      </CrashScreen>
    </StrictMode>,
  );
}

void start();
