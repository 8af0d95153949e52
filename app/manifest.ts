import type { MetadataRoute } from 'next';
import { describeSite } from './description';

export default async function manifest(): Promise<MetadataRoute.Manifest> {
  return {
    name: 'Inkpick',
    short_name: 'Inkpick',
    description: await describeSite(),
    start_url: '/',
    display: 'standalone',
    background_color: '#f8f7f2',
    theme_color: '#f8f7f2',
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  };
}
