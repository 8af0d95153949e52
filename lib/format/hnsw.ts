import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter, type Ragged, toRagged } from './container';

/**
 * The links of an HNSW graph (Malkov & Yashunin 2018) without its vectors. The vectors are those of the
 * latent artifact, so shipping them twice, and in 32 bits, would cost ten times the graph. `assembleIndexFile`
 * puts both together into the file that hnswlib's `readIndex` expects.
 */
export interface HnswGraph {
  dims: number;
  /** Largest norm of the stored vectors: the radius of the augmented space, see {@link augment}. */
  radius: number;
  /** M: links a node has on the upper levels; twice as many on level 0. */
  linksPerNode: number;
  efConstruction: number;
  entryPoint: number;
  /** Neighbours on level 0, by node, ascending. */
  base: Ragged;
  /** Top level of each node; most are 0. */
  levels: Uint8Array;
  /** Neighbours on levels 1 … top, one list for each such (node, level), nodes ascending. */
  upper: Ragged;
}

/**
 * hnswlib's own file layout as its 32-bit WebAssembly build writes it: thirteen header fields, then for each
 * node `count, links[2M], vector, label`, then for each node the byte length of its upper links and those.
 */
const HEADER_BYTES = 56;
const WORD = 4;

const count = z.number().int().nonnegative();
const metaSchema = z.object({
  dims: count,
  radius: z.number().nonnegative(),
  linksPerNode: count.min(2).max(1024),
  efConstruction: count,
  entryPoint: count,
});

export function writeHnsw(graph: HnswGraph): Uint8Array<ArrayBuffer> {
  const { dims, radius, linksPerNode, efConstruction, entryPoint } = graph;
  return new ContainerWriter('hnsw')
    .json('meta', { dims, radius, linksPerNode, efConstruction, entryPoint })
    .ragged('base', graph.base)
    .array('levels', graph.levels)
    .ragged('upper', graph.upper)
    .finish();
}

export function readHnsw(file: Uint8Array, label = 'hnsw'): HnswGraph {
  const reader = new ContainerReader(file, 'hnsw', label);
  const meta = reader.json('meta', metaSchema);
  const levels = reader.u8('levels');
  const nodes = levels.length;
  const graph: HnswGraph = {
    ...meta,
    base: reader.ragged('base', nodes),
    levels,
    upper: reader.ragged('upper', nodes),
  };
  const upperLists = levels.reduce((sum, level) => sum + level, 0);
  // hnswlib trusts its file: a link out of range, or to a node that does not reach the level of the link, would read
  // outside the heap. So every link is checked here.
  const sound =
    graph.base.offsets.length === nodes + 1 &&
    graph.upper.offsets.length === upperLists + 1 &&
    (nodes === 0 || levels.every((level) => level <= levels[graph.entryPoint])) &&
    noLongerThan(graph.base, 2 * graph.linksPerNode) &&
    noLongerThan(graph.upper, graph.linksPerNode) &&
    upperLinksReach(graph);
  if (!sound) throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: its links leave the graph`);
  return graph;
}

function noLongerThan(lists: Ragged, longest: number): boolean {
  for (let row = 0; row + 1 < lists.offsets.length; row++) {
    if (lists.offsets[row + 1] - lists.offsets[row] > longest) return false;
  }
  return true;
}

/** Whether every link on an upper level leads to a node of that level. */
function upperLinksReach({ levels, upper }: HnswGraph): boolean {
  let row = 0;
  for (const top of levels) {
    for (let level = 1; level <= top; level++, row++) {
      if (upper.values.subarray(upper.offsets[row], upper.offsets[row + 1]).some((node) => levels[node] < level))
        return false;
    }
  }
  return true;
}

/**
 * Largest inner product as nearest neighbour (Bachrach et al. 2014): each vector gets one more coordinate,
 * √(radius² − |v|²), so that all have the same length and Euclidean order is the order of inner products with
 * a query whose extra coordinate is 0.
 *
 * @param factors items × dims, row-major
 * @returns items × (dims + 1) and the radius
 */
export function augment(factors: Float32Array, dims: number): { vectors: Float32Array; radius: number } {
  const rows = factors.length / dims;
  let largest = 0;
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dims; d++) norms[row] += factors[row * dims + d] ** 2;
    largest = Math.max(largest, norms[row]);
  }
  const vectors = new Float32Array(rows * (dims + 1));
  for (let row = 0; row < rows; row++) {
    vectors.set(factors.subarray(row * dims, (row + 1) * dims), row * (dims + 1));
    vectors[row * (dims + 1) + dims] = Math.sqrt(largest - norms[row]);
  }
  return { vectors, radius: Math.sqrt(largest) };
}

/** The graph in a file that hnswlib wrote: the inverse of {@link assembleIndexFile} but for the order of links. */
export function takeGraph(file: Uint8Array, radius: number): HnswGraph {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = (field: number) => view.getUint32(field * WORD, true);
  const [nodes, recordBytes, labelOffset, dataOffset] = [header(2), header(3), header(4), header(5)];
  const [entryPoint, linksPerNode, efConstruction] = [header(7), header(10), header(13)];
  const list = (at: number) => {
    const count = view.getUint16(at, true);
    return Array.from({ length: count }, (_, i) => view.getUint32(at + WORD * (i + 1), true)).sort((a, b) => a - b);
  };
  const base: number[][] = [];
  for (let node = 0; node < nodes; node++) {
    const at = HEADER_BYTES + node * recordBytes;
    if (view.getUint32(at + labelOffset, true) !== node)
      throw new RangeError('labels must be row numbers, added in order');
    base.push(list(at));
  }
  const upperBytes = WORD * (linksPerNode + 1);
  const levels = new Uint8Array(nodes);
  const upper: number[][] = [];
  let at = HEADER_BYTES + nodes * recordBytes;
  for (let node = 0; node < nodes; node++) {
    levels[node] = view.getUint32(at, true) / upperBytes;
    at += WORD;
    for (let level = 0; level < levels[node]; level++, at += upperBytes) upper.push(list(at));
  }
  const dims = (labelOffset - dataOffset) / WORD - 1;
  return {
    dims,
    radius,
    linksPerNode,
    efConstruction,
    entryPoint,
    base: toRagged(base),
    levels,
    upper: toRagged(upper),
  };
}

/**
 * The file that hnswlib reads: graph and vectors together.
 *
 * @param vectors augmented, nodes × (dims + 1), from {@link augment} on the same factors the graph was built on
 */
export function assembleIndexFile(graph: HnswGraph, vectors: Float32Array): Uint8Array<ArrayBuffer> {
  const nodes = graph.levels.length;
  const width = graph.dims + 1;
  if (vectors.length !== nodes * width) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `the graph has ${nodes} nodes, the latent factors ${vectors.length / width} rows`,
    );
  }
  const maxLinks = 2 * graph.linksPerNode;
  const dataOffset = WORD * (maxLinks + 1);
  const labelOffset = dataOffset + WORD * width;
  const recordBytes = labelOffset + WORD;
  const upperBytes = WORD * (graph.linksPerNode + 1);
  const upperLists = graph.upper.offsets.length - 1;
  const file = new Uint8Array(HEADER_BYTES + nodes * recordBytes + nodes * WORD + upperLists * upperBytes);
  const view = new DataView(file.buffer);
  const topLevel = graph.levels.reduce((top, level) => Math.max(top, level), 0);
  [
    0,
    nodes,
    nodes,
    recordBytes,
    labelOffset,
    dataOffset,
    topLevel,
    graph.entryPoint,
    graph.linksPerNode,
    maxLinks,
    graph.linksPerNode,
  ].forEach((value, field) => {
    view.setUint32(field * WORD, value, true);
  });
  view.setFloat64(44, 1 / Math.log(graph.linksPerNode), true);
  view.setUint32(52, graph.efConstruction, true);

  const words = new Uint32Array(file.buffer, 0, Math.floor(file.length / WORD));
  const floats = new Float32Array(file.buffer, 0, words.length);
  const putList = (word: number, lists: Ragged, row: number) => {
    const [begin, end] = [lists.offsets[row], lists.offsets[row + 1]];
    words[word] = end - begin;
    words.set(lists.values.subarray(begin, end), word + 1);
  };
  for (let node = 0; node < nodes; node++) {
    const word = (HEADER_BYTES + node * recordBytes) / WORD;
    putList(word, graph.base, node);
    floats.set(vectors.subarray(node * width, (node + 1) * width), word + dataOffset / WORD);
    words[word + labelOffset / WORD] = node;
  }
  let word = (HEADER_BYTES + nodes * recordBytes) / WORD;
  let row = 0;
  for (let node = 0; node < nodes; node++) {
    words[word++] = graph.levels[node] * upperBytes;
    for (let level = 0; level < graph.levels[node]; level++, word += upperBytes / WORD)
      putList(word, graph.upper, row++);
  }
  return file;
}
