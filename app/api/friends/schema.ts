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
        `must have ${CODE_LENGTH} letters and digits, such as ${groupCode('7KD2M9XQ4T')}`,
      ),
  );

/** Body of `POST /api/friends`. A name of null removes the name; without `name` it stays. */
export const introductionSchema = z.strictObject({ name: plainText(MAX_NAME_LENGTH).nullish() });
export const followSchema = z.strictObject({ code: friendCode });

const handle = z.string().regex(/^[\w-]{22}$/, 'must be a handle from GET /api/friends');
export const handleSchema = z.strictObject({ handle });
