import type { Plugin } from 'vite';

// In development every address that is no file and no API call answers the console's page,
// as the Go server does.
export function consolePage(): Plugin {
  return {
    name: 'deskbell-console-page',
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        const path = (req.url ?? '/').split('?')[0] ?? '/';
        const wantsPage = req.headers.accept?.includes('text/html') && !path.includes('.');
        if (wantsPage && !path.startsWith('/api/')) req.url = '/console.html';
        next();
      });
    },
  };
}
