import { expect, it } from 'vitest';
it('x', () => { expect(() => { throw Object.assign(new Error('m'), { code: 'A' }); }).toThrow(expect.objectContaining({ code: 'B' })); });
