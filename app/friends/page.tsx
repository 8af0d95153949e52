import type { Metadata } from 'next';
import { FriendsPage } from '@/components/friends/friends-page';
import { listDomains } from '@/lib/server/engines';

export const metadata: Metadata = { title: 'Friends' };

export default async function Page() {
  return <FriendsPage domains={await listDomains()} />;
}
