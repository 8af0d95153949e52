const NAME = /'name':\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

/** The `name` of every dictionary in a Python list literal, such as `[{'id': 931, 'name': 'jealousy'}]`. */
export function namesInPythonList(literal: string): string[] {
  return [...literal.matchAll(NAME)].map(([, single, double]) =>
    (single ?? double).replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_, byte, unit, letter) =>
      letter === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (ESCAPES[letter] ?? letter),
    ),
  );
}
