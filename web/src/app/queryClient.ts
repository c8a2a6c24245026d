import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@/api/problem';
import { problemText } from '@/api/words';
import { toast } from '@/ui/Toast';

function worthAnotherTry(failures: number, error: Error): boolean {
  return isPassing(error) && failures < 2;
}

const isPassing = (error: Error | null) => error instanceof ApiProblem && error.passing;
const goOnAsking = 4000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000, gcTime: 15 * 60_000, retry: worthAnotherTry, refetchOnWindowFocus: false,
      // Without a network the device answers with what it kept, so that asking is never in vain.
      networkMode: 'always', refetchOnReconnect: true,
      // A page that has nothing to show yet comes by itself when the server is back.
      refetchInterval: ({ state }) => (state.data === undefined && isPassing(state.error) ? goOnAsking : false),
    },
    mutations: { retry: false, networkMode: 'always' },
  },
  // A mutation that shows its own failure sets meta.handled.
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.handled) toast({ text: problemText(error), tone: 'bad' });
    },
  }),
});
