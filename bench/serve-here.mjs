// Serves the build in the current folder at PORT, like scripts/start.mjs does for the site.
import { serve } from '../scripts/serve.mjs';

await serve(Number(process.env.PORT));
