import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@/api/problem';
import { problemText } from '@/api/words';
import { toast } from '@/ui/Toast';

function worthAnotherTry(failures: number, error: Error): boolean {
  const passing = error instanceof ApiProblem && (error.offline || error.status >= 502);
  return passing && failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 15 * 60_000, retry: worthAnotherTry, refetchOnWindowFocus: false },
    mutations: { retry: false, networkMode: 'always' },
  },
  // A mutation that shows its own failure sets meta.handled.
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.handled) toast({ text: problemText(error), tone: 'bad' });
    },
  }),
});
