import { beginLoad } from './components/engine/client';

// Next.js runs this before React hydrates the page, so that the engine starts to download early.
const domain = document.querySelector<HTMLMetaElement>('meta[name="inkpick-domain"]')?.content;
if (domain) beginLoad(domain);
