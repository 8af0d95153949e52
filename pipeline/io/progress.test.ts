import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress } from './progress';

function recorder(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 120 }) as unknown as NodeJS.WriteStream, text: () => text };
}

test('prints one line per stage without a terminal', () => {
  const { stream, text } = recorder(false);
  const progress = createProgress(stream);
  progress.start('films', 86537);
  for (let done = 0; done < 1000; done++) progress.update(done);
  progress.stop();
  progress.start('ratings');
  progress.stop();
  expect(text()).toBe('films (86,537)\nratings\n');
});

test('draws a bar on a terminal, and a stage may follow another without a stop', () => {
  const { stream, text } = recorder(true);
  Object.assign(stream, { cursorTo() {}, clearLine() {}, moveCursor() {} });
  const progress = createProgress(stream);
  progress.start('films', 10);
  progress.update(10);
  progress.start('ratings');
  progress.update(3);
  progress.stop();
  expect(text()).toContain('films');
  expect(text()).toContain('100%');
  expect(text()).toContain('ratings');
});
