import { useQuery, type QueryKey, type UseQueryOptions } from '@tanstack/react-query';
import { ApiProblem } from './problem';
import { problemText } from './words';

/** What a page waits for, as ui/Awaited shows it. */
export function useWaiting<T, K extends QueryKey>(options: UseQueryOptions<T, Error, T, K>) {
  const { data, error, refetch } = useQuery(options);
  return {
    data,
    trouble: error ? { text: problemText(error), requestId: error instanceof ApiProblem ? error.requestId : '' } : undefined,
    retry: () => void refetch(),
  };
}
