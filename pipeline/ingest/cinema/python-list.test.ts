import { expect, test } from 'vitest';
import { namesInPythonList } from './python-list';

test('reads names in single or double quotes, with escapes', () => {
  expect(
    namesInPythonList(
      `[{'id': 931, 'name': 'jealousy'}, {'id': 15101, 'name': "based on children's book"}, {'id': 1, 'name': '\\xa0rock \\'n\\' roll\\u2019s'}]`,
    ),
  ).toEqual(['jealousy', "based on children's book", "\u00a0rock 'n' roll’s"]);
  expect(namesInPythonList('[]')).toEqual([]);
});
