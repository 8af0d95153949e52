'use client';

import { Tab, TabList, TabPanel, TabProvider } from '@ariakit/react';
import { useCallback, useEffect, useState } from 'react';
import type { Overview } from '../../lib/contracts/admin';
import type { InkpickError } from '../../lib/contracts/errors';
import { Button } from '../ui/button';
import { readToken, saveToken } from './admin-api';
import { Loading, Problem } from './elements';
import { ExperimentsTab } from './experiments-tab';
import { HealthTab } from './health-tab';
import { ImportExportTab } from './import-export-tab';
import { NewItemsTab } from './new-items-tab';
import { NowTab } from './now-tab';
import { OperatorSession, useServerData } from './operator-session';
import { TokenForm } from './token-form';
import { useMetrics } from './use-metrics';
import { WhyTab } from './why-tab';

const OVERVIEW_INTERVAL_MS = 15_000;

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

/** The operator's page `/admin`: a form for the token, then six tabs. */
export function Admin({ domains }: { domains: readonly DomainName[] }) {
  // Undefined until hydration.
  const [token, setToken] = useState<string | null>();
  const [refusal, setRefusal] = useState<InkpickError | null>(null);
  useEffect(() => setToken(readToken()), []);

  const leave = useCallback((reason: InkpickError | null) => {
    saveToken(null);
    setRefusal(reason);
    setToken(null);
  }, []);

  if (token === undefined) return null;
  if (token === null) {
    return (
      <TokenForm
        refusal={refusal}
        onToken={(accepted) => {
          saveToken(accepted);
          setToken(accepted);
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
  const overview = useServerData<Overview>('/api/admin/overview', OVERVIEW_INTERVAL_MS);
  const metrics = useMetrics();
  const [tab, setTab] = useState<TabId>(() => asTab(window.location.hash));

  useEffect(() => {
    const onHashChange = () => setTab(asTab(window.location.hash));
    window.addEventListener('hashchange', onHashChange);
    return () => window.removeEventListener('hashchange', onHashChange);
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
            {overview.problem && <Problem error={overview.problem} onRetry={overview.reload} />}
            {!overview.value && !overview.problem && <Loading />}
            {overview.value && tab === 'now' && <NowTab overview={overview.value} />}
            {overview.value && tab === 'new-items' && (
              <NewItemsTab overview={overview.value} onChange={overview.reload} />
            )}
          </>
        )}
        {tab === 'experiments' && <ExperimentsTab domains={domains} />}
        {tab === 'health' && (
          <>
            {metrics.problem && <Problem error={metrics.problem} onRetry={metrics.reload} />}
            {!metrics.value && !metrics.problem && <Loading />}
            {metrics.value && <HealthTab report={metrics.value} samples={metrics.samples} />}
          </>
        )}
        {tab === 'why' && <WhyTab domains={domains} />}
        {tab === 'transfer' && <ImportExportTab onImport={overview.reload} />}
      </TabPanel>
    </TabProvider>
  );
}
