import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { LedgerBalance } from '@/api/types';

export const ledgerKeys = {
  balance: ['ledger', 'balance'] as const,
};

export const balanceQuery = queryOptions({
  queryKey: ledgerKeys.balance,
  queryFn: ({ signal }) => api.get<LedgerBalance>('/ledger/balance', { signal }),
  staleTime: 5_000,
});

/** Asks the mail servers now instead of waiting for the next comparison. */
export const checkNow = () => api.get<LedgerBalance>('/ledger/balance', { query: { check: 'now' } });
