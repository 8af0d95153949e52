'use client';

import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react';
import { useCallback, useEffect, useState } from 'react';
import type { Overview } from '../../lib/contracts/admin';
import type { InkpickError } from '../../lib/contracts/errors';
import { Button } from '../ui/button';
import { keepToken, readToken } from './admin-api';
import { Experiments } from './experiments-tab';
import { Health } from './health-tab';
import { NewItems } from './new-items-tab';
import { Now } from './now-tab';
import { Problem, Waiting } from './elements';
import { OperatorSession, useAnswer } from './operator-session';
import { TokenForm } from './token-form';
import { Transfer } from './import-export-tab';
import { useMetrics } from './use-metrics';
import { Why } from './why-tab';

const OVERVIEW_EVERY_MS = 15_000;

const TABS = [
  { id: 'now', label: 'Now' },
  { id: 'new-items', label: 'New items' },
  { id: 'experiments', label: 'Experiments' },
  { id: 'health', label: 'Health' },
  { id: 'why', label: 'Why' },
  { id: 'transfer', label: 'Import & export' },
] as const;
type TabId = (typeof TABS)[number]['id'];

const asTab = (hash: string): TabId => TABS.find(({ id }) => `#${id}` === hash)?.id ?? 'now';

interface DomainName {
  id: string;
  label: string;
}

/** The operator's page: behind the token, six tabs. */
export function Admin({ domains }: { domains: readonly DomainName[] }) {
  // Not known before the browser has been asked.
  const [token, setToken] = useState<string | null>();
  const [refused, setRefused] = useState<InkpickError | null>(null);
  useEffect(() => setToken(readToken()), []);

  const leave = useCallback((why: InkpickError | null) => {
    keepToken(null);
    setRefused(why);
    setToken(null);
  }, []);

  if (token === undefined) return null;
  if (token === null) {
    return (
      <TokenForm
        refused={refused}
        onToken={(given) => {
          keepToken(given);
          setToken(given);
        }}
      />
    );
  }
  return (
    <OperatorSession token={token} onRefused={leave}>
      <Tabs domains={domains} onLeave={() => leave(null)} />
    </OperatorSession>
  );
}

function Tabs({ domains, onLeave }: { domains: readonly DomainName[]; onLeave: () => void }) {
  const overview = useAnswer<Overview>('/api/admin/overview', OVERVIEW_EVERY_MS);
  const metrics = useMetrics();
  const [tab, setTab] = useState<TabId>(() => asTab(window.location.hash));

  useEffect(() => {
    const follow = () => setTab(asTab(window.location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  const select = (id: string | null | undefined) => {
    const next = asTab(`#${id}`);
    window.history.replaceState(window.history.state, '', `#${next}`);
    setTab(next);
  };

  return (
    <TabProvider selectedId={tab} setSelectedId={select}>
      <div className="mt-4 flex items-center gap-4 border-line border-b">
        <TabList aria-label="Parts of this page" className="-mx-2.5 flex min-w-0 flex-1 overflow-x-auto">
          {TABS.map(({ id, label }) => (
            <Tab
              key={id}
              id={id}
              className="relative h-11 shrink-0 whitespace-nowrap px-2.5 text-quiet text-sm hover:text-ink focus-visible:-outline-offset-2 aria-selected:font-semibold aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-2.5 aria-selected:after:bottom-0 aria-selected:after:h-[3px] aria-selected:after:bg-accent"
            >
              {label}
            </Tab>
          ))}
        </TabList>
        <Button look="quiet" onClick={onLeave}>
          Leave
        </Button>
      </div>
      <TabPanel tabId={tab} className="pt-6 outline-offset-4">
        <h2 className="sr-only">{TABS.find(({ id }) => id === tab)?.label}</h2>
        {(tab === 'now' || tab === 'new-items') && (
          <>
            {overview.problem && <Problem error={overview.problem} onRetry={overview.again} />}
            {!overview.value && !overview.problem && <Waiting />}
            {overview.value && tab === 'now' && <Now overview={overview.value} />}
            {overview.value && tab === 'new-items' && <NewItems overview={overview.value} onChange={overview.again} />}
          </>
        )}
        {tab === 'experiments' && <Experiments domains={domains} />}
        {tab === 'health' && (
          <>
            {metrics.problem && <Problem error={metrics.problem} onRetry={metrics.again} />}
            {!metrics.value && !metrics.problem && <Waiting />}
            {metrics.value && <Health report={metrics.value} samples={metrics.samples} />}
          </>
        )}
        {tab === 'why' && <Why domains={domains} />}
        {tab === 'transfer' && <Transfer onImport={overview.again} />}
      </TabPanel>
    </TabProvider>
  );
}
