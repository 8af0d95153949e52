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

/** Holds the visitor's random number and a signature of it, and nothing else. */
export const COOKIE = 'inkpick';

const isEncrypted = (headers: Headers): boolean =>
  // Of several proxies the outermost, which the browser speaks to, comes first.
  headers.get('x-forwarded-proto')?.split(',')[0].trim() === 'https';

/**
 * What the cookie is called. Behind TLS browsers take the name only from this very host and over TLS (RFC 6265bis, 4.1.3.2), so that no
 * other host of the domain, and nobody on the network, can give a visitor a cookie of theirs and so see what the visitor does. For
 * the same reason a cookie without the prefix stands for nobody there, not even one that was set before.
 */
const cookieName = (headers: Headers): string => (isEncrypted(headers) ? `__Host-${COOKIE}` : COOKIE);

/** Browsers keep no cookie for longer. */
export const COOKIE_DAYS = 400;
const COOKIE_SECONDS = COOKIE_DAYS * 24 * 3600;

const KEY_BYTES = 32;

/** The key that signs cookies: of the settings, else the one that the store keeps for all who share it. */
function signingKey(): Promise<string> {
  const { secret } = currentSettings();
  if (secret) return Promise.resolve(secret);
  const keys = singleton('signing-key', () => ({ pending: undefined as Promise<string> | undefined }));
  keys.pending ??= store()
    .run(async (db) => {
      await db
        .insert(setting)
        .values({ name: 'signing-key', value: randomBytes(KEY_BYTES).toString('base64url') })
        .onConflictDoNothing();
      const [{ value }] = await db.select().from(setting).where(eq(setting.name, 'signing-key'));
      return value;
    })
    .catch((error) => {
      keys.pending = undefined;
      throw error;
    });
  return keys.pending;
}

/** The visitor's number, by a cookie that this server has signed; undefined without one, and for any other. */
export async function readVisitor(headers: Headers): Promise<string | undefined> {
  const given = parseCookie(headers.get('cookie') ?? '')[cookieName(headers)];
  if (!given) return undefined;
  const id = unsign(given, await signingKey());
  return id !== false && z.uuid().safeParse(id).success ? id : undefined;
}

/** The visitor's number, or `CONSENT_REQUIRED`. */
export async function requireVisitor(headers: Headers): Promise<string> {
  const id = await readVisitor(headers);
  if (id === undefined) throw consentRequired();
  return id;
}

export const consentRequired = (): InkpickError =>
  new InkpickError(
    'CONSENT_REQUIRED',
    'Nothing is kept of a visitor who has not agreed to it: POST /api/me first, and send the cookie that it sets.',
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

/** The `Set-Cookie` by which a browser is known from now on. */
export async function cookieFor(id: string, headers: Headers): Promise<string> {
  return cookie(sign(id, await signingKey()), headers, COOKIE_SECONDS);
}

/** The `Set-Cookie` that takes it away again. */
export const cookieRemoval = (headers: Headers): string => cookie('', headers, 0);

export const newVisitorId = (): string => randomUUID();

/**
 * The number of a user whom a developer's server speaks for, made from the developer's own id: a UUID of version 8 (RFC 9562) out of SHA-256,
 * so that it is the same every time and the id itself is not kept.
 */
export function apiUserId(user: string): string {
  const hash = createHash('sha256').update(`inkpick user\n${user}`).digest();
  hash[6] = (hash[6] & 0x0f) | 0x80;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Creates the row on which all that is held of a visitor hangs; nothing where it is there. */
export async function ensureVisitor(id: string): Promise<void> {
  await store().run((db) => db.insert(visitor).values({ id }).onConflictDoNothing());
}

/** Whether anything is, or may be, held of a visitor. */
export async function visitorExists(id: string): Promise<boolean> {
  const found = await store().run((db) => db.select({ id: visitor.id }).from(visitor).where(eq(visitor.id, id)));
  return found.length > 0;
}
