// Serves the build in the current folder at PORT, as scripts/start.mjs serves the site's.
import { serve } from '../scripts/serve.mjs';

await serve(Number(process.env.PORT));
