import { z } from 'zod';
import { CODE_ALPHABET, CODE_LENGTH, cleanCode, groupCode, MAX_NAME_LENGTH } from '@/lib/contracts/friends';
import { plainText } from '@/lib/contracts/plain-text';

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

/** Of `POST /api/friends`. A name that is null is taken away; one that is left out stays. */
export const introductionSchema = z.strictObject({ name: plainText(MAX_NAME_LENGTH).nullish() });
export const followSchema = z.strictObject({ code: friendCode });

const handle = z.string().regex(/^[\w-]{22}$/, 'must be a handle from GET /api/friends');
export const handleSchema = z.strictObject({ handle });
