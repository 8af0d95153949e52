import { beginLoad } from './components/engine/client';

// Next.js runs this before React takes the page over: the engine can already fetch what it needs.
const domain = document.querySelector<HTMLMetaElement>('meta[name="inkpick-domain"]')?.content;
if (domain) beginLoad(domain);
