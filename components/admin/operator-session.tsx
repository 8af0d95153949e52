'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { type Call, requestAdmin } from './admin-api';

interface Operator {
  /** Sends a request with the operator's token. Rejects with `InkpickError`. */
  request: <T>(path: string, call?: Call) => Promise<T>;
}

const OperatorContext = createContext<Operator | null>(null);

/** Provides `token` to the components below. `onRefused` is called when the server no longer accepts it. */
export function OperatorSession({
  token,
  onRefused,
  children,
}: {
  token: string;
  onRefused: (error: InkpickError) => void;
  children: ReactNode;
}) {
  const operator = useMemo<Operator>(
    () => ({
      request: async <T,>(path: string, call?: Call) => {
        try {
          return await requestAdmin<T>(path, token, call);
        } catch (error) {
          if (error instanceof InkpickError && (error.code === 'UNAUTHORISED' || error.code === 'FORBIDDEN'))
            onRefused(error);
          throw error;
        }
      },
    }),
    [token, onRefused],
  );
  return <OperatorContext value={operator}>{children}</OperatorContext>;
}

/** @throws Error outside of `OperatorSession` */
export function useOperator(): Operator {
  const operator = useContext(OperatorContext);
  if (!operator) throw new Error('useOperator must be used inside OperatorSession.');
  return operator;
}

export interface ServerData<T> {
  /** The last response; it stays while the next one loads or if that fails. */
  value: T | null;
  problem: InkpickError | null;
  reload: () => void;
}

/**
 * Loads data from the server, and reloads it while the page is visible.
 *
 * @param intervalMs time between reloads; absent, data is loaded once
 */
export function useServerData<T>(path: string, intervalMs?: number): ServerData<T> {
  const { request } = useOperator();
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<InkpickError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const reload = useCallback(() => setAttempt((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `attempt` reloads.
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.visibilityState === 'visible') {
        try {
          setValue(await request<T>(path, { signal: abort.signal }));
          setProblem(null);
        } catch (error) {
          if (!abort.signal.aborted) setProblem(asInkpickError(error));
        }
      }
      if (intervalMs !== undefined && !abort.signal.aborted) timer = setTimeout(next, intervalMs);
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [request, path, intervalMs, attempt]);

  return { value, problem, reload };
}
