import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';

interface Options {
  /** What is asked anew afterwards. */
  renews?: readonly QueryKey[];
  /** The component shows a failure itself. */
  handled?: boolean;
}

/** A change on the server that renews what it touched. */
export function useWrite<V = void, R = unknown>(write: (values: V) => Promise<R>, { renews = [], handled }: Options = {}) {
  const queries = useQueryClient();
  return useMutation<R, Error, V>({
    mutationFn: write,
    onSettled: () => Promise.all(renews.map((queryKey) => queries.invalidateQueries({ queryKey }))),
    meta: { handled },
  });
}
