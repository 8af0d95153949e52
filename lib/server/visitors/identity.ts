import 'server-only';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import { sign, unsign } from 'cookie-signature';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { InkpickError } from '../../contracts/errors';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import { setting, visitor } from '../store/schema';
import { store } from '../store/store';

/** The cookie contains the visitor's id and a signature of it, and nothing else. */
export const COOKIE = 'inkpick';

const isEncrypted = (headers: Headers): boolean =>
  // Of several proxies the outermost, which the browser connects to, comes first.
  headers.get('x-forwarded-proto')?.split(',')[0].trim() === 'https';

/**
 * The cookie's name. Behind TLS it has the prefix `__Host-`, which browsers accept only from this very host over TLS
 * (RFC 6265bis, 4.1.3.2). So no other host of the domain, and no attacker on the network, can plant their own cookie
 * in a visitor's browser and then read what the visitor does. For the same reason a cookie without the prefix is
 * ignored there, even one set before the site had TLS.
 */
const cookieName = (headers: Headers): string => (isEncrypted(headers) ? `__Host-${COOKIE}` : COOKIE);

/** The longest that browsers keep a cookie. */
export const COOKIE_DAYS = 400;
const COOKIE_SECONDS = COOKIE_DAYS * 24 * 3600;

const KEY_BYTES = 32;

/**
 * The key that signs cookies: from the settings, else one that the store creates once for all instances that share
 * it.
 */
function signingKey(): Promise<string> {
  const { secret } = currentSettings();
  if (secret) return Promise.resolve(secret);
  const cached = singleton('signing-key', () => ({ key: undefined as Promise<string> | undefined }));
  cached.key ??= store()
    .run(async (db) => {
      await db
        .insert(setting)
        .values({ name: 'signing-key', value: randomBytes(KEY_BYTES).toString('base64url') })
        .onConflictDoNothing();
      const [{ value }] = await db.select().from(setting).where(eq(setting.name, 'signing-key'));
      return value;
    })
    .catch((error) => {
      cached.key = undefined;
      throw error;
    });
  return cached.key;
}

/** The visitor's id from a cookie that this server signed; undefined without a cookie, and for any other. */
export async function readVisitor(headers: Headers): Promise<string | undefined> {
  const signed = parseCookie(headers.get('cookie') ?? '')[cookieName(headers)];
  if (!signed) return undefined;
  const id = unsign(signed, await signingKey());
  return id !== false && z.uuid().safeParse(id).success ? id : undefined;
}

/**
 * The visitor's id.
 *
 * @throws `CONSENT_REQUIRED` without a valid cookie
 */
export async function requireVisitor(headers: Headers): Promise<string> {
  const id = await readVisitor(headers);
  if (id === undefined) throw consentRequired();
  return id;
}

export const consentRequired = (): InkpickError =>
  new InkpickError(
    'CONSENT_REQUIRED',
    'Nothing is stored without the visitor’s consent: POST /api/me first, and send the cookie that it sets.',
  );

const cookie = (value: string, headers: Headers, seconds: number): string =>
  stringifySetCookie({
    name: cookieName(headers),
    value,
    httpOnly: true,
    sameSite: 'lax',
    secure: isEncrypted(headers),
    path: '/',
    maxAge: seconds,
  });

/** The `Set-Cookie` that identifies a browser from now on. */
export async function cookieFor(id: string, headers: Headers): Promise<string> {
  return cookie(sign(id, await signingKey()), headers, COOKIE_SECONDS);
}

/** The `Set-Cookie` that removes the cookie. */
export const cookieRemoval = (headers: Headers): string => cookie('', headers, 0);

/** A UUID of version 4: rows of such ids are of the kind `visitor`. */
export const newVisitorId = (): string => randomUUID();

/**
 * The id of a user of the API: a UUID of version 8 (RFC 9562) from the SHA-256 of the developer's own id, so that it is
 * always the same and the developer's id is not stored. Rows of such ids are of the kind `api`.
 */
export function apiUserId(user: string): string {
  const hash = createHash('sha256').update(`inkpick user\n${user}`).digest();
  hash[6] = (hash[6] & 0x0f) | 0x80;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Creates the row that all stored data of a visitor references, unless it exists. */
export async function ensureVisitor(id: string): Promise<void> {
  await store().run((db) => db.insert(visitor).values({ id }).onConflictDoNothing());
}

/** Whether the visitor has a row, and so may have stored data. */
export async function visitorExists(id: string): Promise<boolean> {
  const found = await store().run((db) => db.select({ id: visitor.id }).from(visitor).where(eq(visitor.id, id)));
  return found.length > 0;
}
