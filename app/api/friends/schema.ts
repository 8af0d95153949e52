import { z } from 'zod';
import { CODE_ALPHABET, CODE_LENGTH, cleanCode, groupCode, MOST_NAME } from '@/lib/contracts/friends';

const friendCode = z
  .string()
  .max(60)
  .transform(cleanCode)
  .pipe(
    z
      .string()
      .regex(
        new RegExp(`^[${CODE_ALPHABET}]{${CODE_LENGTH}}$`),
        `must be ${CODE_LENGTH} letters and digits as they were given, such as ${groupCode('7KD2M9XQ4T')}`,
      ),
  );

/** Control characters, line breaks, and marks that turn the direction of the text around them. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

const friendName = z
  .string()
  .max(1000)
  .transform((name) => name.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .refine(
        (name) => VISIBLE.test(name) && [...name].length <= MOST_NAME,
        `must be 1 to ${MOST_NAME} characters long`,
      )
      .refine((name) => !UNPRINTABLE.test(name), 'must be one line of plain text, without control characters'),
  );

/** Of `POST /api/friends`. A name that is null is taken away; one that is left out stays. */
export const introductionSchema = z.strictObject({ name: friendName.nullish() });
export const followSchema = z.strictObject({ code: friendCode });

const handle = z.string().regex(/^[\w-]{22}$/, 'must be a handle from GET /api/friends');
export const handleSchema = z.strictObject({ handle });
