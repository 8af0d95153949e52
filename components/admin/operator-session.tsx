'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { askServer, type Call } from './admin-api';

interface Session {
  /** Asks the server with the operator's token. */
  ask: <T>(path: string, call?: Call) => Promise<T>;
}

const SessionContext = createContext<Session | null>(null);

/** Everything below asks the server with `token`; `onRefused` is told when that is not taken any more. */
export function OperatorSession({
  token,
  onRefused,
  children,
}: {
  token: string;
  onRefused: (error: InkpickError) => void;
  children: ReactNode;
}) {
  const session = useMemo<Session>(
    () => ({
      ask: async <T,>(path: string, call?: Call) => {
        try {
          return await askServer<T>(path, token, call);
        } catch (error) {
          if (error instanceof InkpickError && (error.code === 'UNAUTHORISED' || error.code === 'FORBIDDEN'))
            onRefused(error);
          throw error;
        }
      },
    }),
    [token, onRefused],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no operator here.');
  return session;
}

export interface Answer<T> {
  /** The last one that came, also while a newer one is asked for or failed to come. */
  value: T | null;
  problem: InkpickError | null;
  again: () => void;
}

/** What the server answers at `path`: asked at once, and then every so many milliseconds while the page is to be seen. */
export function useAnswer<T>(path: string, every?: number): Answer<T> {
  const { ask } = useSession();
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<InkpickError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again.
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async () => {
      if (document.visibilityState === 'visible') {
        try {
          setValue(await ask<T>(path, { signal: abort.signal }));
          setProblem(null);
        } catch (error) {
          if (!abort.signal.aborted) setProblem(asInkpickError(error));
        }
      }
      if (every !== undefined && !abort.signal.aborted) timer = setTimeout(next, every);
    };
    void next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [ask, path, every, attempt]);

  return { value, problem, again };
}
