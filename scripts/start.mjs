// `npm start` serves the existing build and does nothing else; for service managers.
import { serve } from './serve.mjs';
import { main, readPort } from './steps.mjs';

await main(async () => {
  const port = readPort();
  await serve(port, process.env.HOST || undefined);
  console.log(`Inkpick is at http://${process.env.HOST || 'localhost'}:${port}`);
});
