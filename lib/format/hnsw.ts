import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { type SparseRows, toSparseRows } from '../math/sparse';
import { ContainerReader, ContainerWriter } from './container';

/**
 * The links of an HNSW graph (Malkov & Yashunin 2018) without its vectors. The vectors are the factors of the latent
 * artifact; shipping them a second time in 32 bits would cost twenty times the graph. {@link assembleIndexFile}
 * combines both into the file that hnswlib's `readIndex` expects.
 *
 * Every link goes both ways. hnswlib drops the reverse link of a node that has enough links; {@link linkBothWays}
 * restores it, so that only half of the links need to be stored. Recall is higher for the same search effort, too.
 */
export interface HnswGraph {
  dims: number;
  /** Largest norm of the stored vectors: the radius of the augmented space, see {@link augment}. */
  radius: number;
  /** M: half of the maximum number of links of a node on a level. */
  linksPerNode: number;
  efConstruction: number;
  entryPoint: number;
  /** Neighbours on level 0, by node, ascending. */
  base: SparseRows;
  /** Top level of each node; most are 0. */
  levels: Uint8Array;
  /** Neighbours on levels 1 … top: one list for each node and level, in order of nodes, then levels. */
  upper: SparseRows;
}

/**
 * The file layout of hnswlib's 32-bit WebAssembly build: thirteen header fields, then for each node `count, links[2M],
 * vector, label`, then for each node the byte length of its upper links and the links.
 */
const HEADER_BYTES = 56;
const WORD_BYTES = 4;
/** Nodes with at most this many links lose one only if there is no other choice. */
const MIN_SPARED_LINKS = 4;

const count = z.number().int().nonnegative();
const metaSchema = z.object({
  dims: count,
  radius: z.number().nonnegative(),
  linksPerNode: count.min(2).max(128),
  efConstruction: count,
  entryPoint: count,
});

/** @throws RangeError if a link goes one way only */
export function writeHnsw(graph: HnswGraph): Uint8Array<ArrayBuffer> {
  const { dims, radius, linksPerNode, efConstruction, entryPoint, levels } = graph;
  const counts: number[] = [];
  const gaps: number[] = [];
  for (const { members, lists } of levelsOf(graph)) {
    const places = new Map(Array.from(members, (node, place) => [node, place]));
    const reverseLinks = new Uint32Array(members.length);
    const reverseSeen = new Uint32Array(members.length);
    lists.forEach((list, place) => {
      let previous = place;
      let ahead = 0;
      for (const node of list) {
        const other = places.get(node) ?? -1;
        if (other < place) reverseSeen[place]++;
        if (other <= place) continue;
        reverseLinks[other]++;
        gaps.push(other - previous - 1);
        previous = other;
        ahead++;
      }
      counts.push(ahead);
    });
    if (reverseLinks.some((count, place) => count !== reverseSeen[place]))
      throw new RangeError('every link of a graph must go both ways, to a node of its level');
  }
  // By byte, lowest bytes first: similar numbers next to each other deflate better.
  const planes = new Uint8Array(WORD_BYTES * gaps.length);
  for (let plane = 0; plane < WORD_BYTES; plane++)
    for (let i = 0; i < gaps.length; i++) planes[plane * gaps.length + i] = gaps[i] >>> (8 * plane);
  return new ContainerWriter('hnsw')
    .json('meta', { dims, radius, linksPerNode, efConstruction, entryPoint })
    .array('levels', levels)
    .varint('counts', counts)
    .array('gaps', planes)
    .finish();
}

/** @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if links lead out of the graph */
export function readHnsw(file: Uint8Array, label = 'hnsw'): HnswGraph {
  const reader = new ContainerReader(file, 'hnsw', label);
  const meta = reader.json('meta', metaSchema);
  const levels = reader.u8('levels');
  const counts = reader.varint('counts');
  const planes = reader.u8('gaps');
  const members = membersOf(levels);
  const lists = members.reduce((sum, nodes) => sum + nodes.length, 0);
  const links = counts.reduce((sum, ahead) => sum + ahead, 0);
  const isComplete = counts.length === lists && planes.length === WORD_BYTES * links;
  if (!isComplete || (levels.length > 0 && levels[meta.entryPoint] !== members.length - 1))
    throw linksLeaveGraph(label);
  let list = 0;
  let link = 0;
  const linked = members.map((nodes) => {
    const ahead = counts.subarray(list, list + nodes.length);
    list += nodes.length;
    const targets = new Uint32Array(ahead.reduce((sum, count) => sum + count, 0));
    for (let place = 0, i = 0; place < nodes.length; place++) {
      let other = place;
      for (const end = i + ahead[place]; i < end; i++, link++) {
        const high = planes[2 * links + link] + 2 ** 8 * planes[3 * links + link];
        other += 1 + planes[link] + 2 ** 8 * planes[links + link] + 2 ** 16 * high;
        // hnswlib does not check its file: a link to a missing node, or to a node below the link's level, would read
        // outside the heap. Links are stored as places among the nodes of their level, so one check covers both.
        if (other >= nodes.length) throw linksLeaveGraph(label);
        targets[i] = other;
      }
    }
    return { nodes, lists: bothWays(ahead, targets) };
  });
  const maxLinks = 2 * meta.linksPerNode;
  if (!linked.every(({ lists }) => noLongerThan(lists, maxLinks))) throw linksLeaveGraph(label);
  return { ...meta, base: linked[0].lists, levels, upper: joinLevels(levels, linked.slice(1)) };
}

const linksLeaveGraph = (label: string) =>
  new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: its links leave the graph`);

/**
 * @param ahead number of links of each node to later nodes
 * @param targets those links, by node
 * @returns all links of each node, ascending
 */
function bothWays(ahead: Uint32Array, targets: Uint32Array): SparseRows {
  const offsets = new Uint32Array(ahead.length + 1);
  for (const target of targets) offsets[target + 1]++;
  for (let place = 0; place < ahead.length; place++) offsets[place + 1] += offsets[place] + ahead[place];
  const next = offsets.slice();
  const columns = new Uint32Array(2 * targets.length);
  for (let place = 0, i = 0; place < ahead.length; place++) {
    for (const end = i + ahead[place]; i < end; i++) {
      // Links to earlier places are complete by now, because those places were processed before.
      columns[next[place]++] = targets[i];
      columns[next[targets[i]]++] = place;
    }
  }
  return { offsets, columns };
}

function noLongerThan({ offsets }: SparseRows, maxLength: number): boolean {
  for (let row = 0; row + 1 < offsets.length; row++) if (offsets[row + 1] - offsets[row] > maxLength) return false;
  return true;
}

/** Joins the lists of levels 1 … top in the order of {@link HnswGraph.upper}, with places replaced by nodes. */
function joinLevels(levels: Uint8Array, linked: readonly { nodes: Uint32Array; lists: SparseRows }[]): SparseRows {
  const rows = upperRows(levels);
  const joined: number[][] = Array(rows[levels.length]);
  linked.forEach(({ nodes, lists: { offsets, columns } }, level) => {
    nodes.forEach((node, place) => {
      joined[rows[node] + level] = Array.from(
        columns.subarray(offsets[place], offsets[place + 1]),
        (other) => nodes[other],
      );
    });
  });
  return toSparseRows(joined);
}

/** @returns the nodes of each level, ascending; level 0 first */
function membersOf(levels: Uint8Array): Uint32Array[] {
  const top = levels.reduce((highest, level) => Math.max(highest, level), 0);
  const nodes = Uint32Array.from(levels.keys());
  return Array.from({ length: top + 1 }, (_, level) =>
    level === 0 ? nodes : nodes.filter((node) => levels[node] >= level),
  );
}

/** @returns the nodes of each level and their lists, in the same order */
function levelsOf({ base, upper, levels }: HnswGraph): { members: Uint32Array; lists: Uint32Array[] }[] {
  const rows = upperRows(levels);
  return membersOf(levels).map((members, level) => ({
    members,
    lists: Array.from(members, (node) => {
      const [{ offsets, columns }, row] = level === 0 ? [base, node] : [upper, rows[node] + level - 1];
      return columns.subarray(offsets[row], offsets[row + 1]);
    }),
  }));
}

/** @returns for each node its first row in `upper`, that of level 1 */
function upperRows(levels: Uint8Array): Uint32Array {
  const rows = new Uint32Array(levels.length + 1);
  for (let node = 0; node < levels.length; node++) rows[node + 1] = rows[node] + levels[node];
  return rows;
}

/**
 * Reduces the search for the largest inner product to the search for the nearest neighbour (Bachrach et al. 2014). Each
 * vector gets one more coordinate, √(radius² − |v|²). All vectors then have the same length, and Euclidean order equals
 * the order of inner products with a query whose extra coordinate is 0.
 *
 * @param factors row-major, items × dims
 * @returns vectors, row-major, items × (dims + 1), and the radius
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

/**
 * Extracts the graph from a file that hnswlib wrote. This is the inverse of {@link assembleIndexFile}, except for the
 * order of links. Links may go one way only.
 *
 * @param radius from {@link augment}
 * @throws RangeError if labels are not row numbers
 */
export function extractGraph(file: Uint8Array, radius: number): HnswGraph {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = (field: number) => view.getUint32(field * WORD_BYTES, true);
  const [nodes, recordBytes, labelOffset, dataOffset] = [header(2), header(3), header(4), header(5)];
  const [entryPoint, maxUpperLinks, linksPerNode, efConstruction] = [header(7), header(8), header(10), header(13)];
  const list = (at: number) => {
    const count = view.getUint16(at, true);
    return Array.from({ length: count }, (_, i) => view.getUint32(at + WORD_BYTES * (i + 1), true)).sort(
      (a, b) => a - b,
    );
  };
  const base: number[][] = [];
  for (let node = 0; node < nodes; node++) {
    const at = HEADER_BYTES + node * recordBytes;
    if (view.getUint32(at + labelOffset, true) !== node)
      throw new RangeError('labels must be row numbers, added in order');
    base.push(list(at));
  }
  const upperBytes = WORD_BYTES * (maxUpperLinks + 1);
  const levels = new Uint8Array(nodes);
  const upper: number[][] = [];
  let at = HEADER_BYTES + nodes * recordBytes;
  for (let node = 0; node < nodes; node++) {
    levels[node] = view.getUint32(at, true) / upperBytes;
    at += WORD_BYTES;
    for (let level = 0; level < levels[node]; level++, at += upperBytes) upper.push(list(at));
  }
  const dims = (labelOffset - dataOffset) / WORD_BYTES - 1;
  return {
    dims,
    radius,
    linksPerNode,
    efConstruction,
    entryPoint,
    base: toSparseRows(base),
    levels,
    upper: toSparseRows(upper),
  };
}

/**
 * Adds the reverse of every link. Nodes with more than 2M links on a level then lose their longest ones, starting with
 * those whose other end has links to spare.
 *
 * @param vectors augmented, row-major, nodes × (dims + 1)
 */
export function linkBothWays(graph: HnswGraph, vectors: Float32Array): HnswGraph {
  const width = graph.dims + 1;
  const maxLinks = 2 * graph.linksPerNode;
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += (vectors[a * width + d] - vectors[b * width + d]) ** 2;
    return sum;
  };
  const linked = levelsOf(graph).map(({ members, lists }) => {
    const links = new Map(Array.from(members, (node) => [node, new Set<number>()]));
    const unlink = (a: number, b: number) => {
      links.get(a)!.delete(b);
      links.get(b)!.delete(a);
    };
    members.forEach((node, place) => {
      for (const other of lists[place]) {
        links.get(node)!.add(other);
        links.get(other)!.add(node);
      }
    });
    for (const [node, others] of links) {
      if (others.size <= maxLinks) continue;
      const longest = Array.from(others, (other) => ({ other, length: distance(node, other) }))
        .sort((a, b) => b.length - a.length || a.other - b.other)
        .map(({ other }) => other);
      for (const minLinks of [MIN_SPARED_LINKS, 0])
        for (const other of longest)
          if (others.size > maxLinks && others.has(other) && links.get(other)!.size > minLinks) unlink(node, other);
    }
    return Array.from(members, (node) => [...links.get(node)!].sort((a, b) => a - b));
  });
  const places = linked.map(() => 0);
  const upper: number[][] = [];
  for (const level of graph.levels)
    for (let above = 1; above <= level; above++) upper.push(linked[above][places[above]++]);
  return { ...graph, base: toSparseRows(linked[0]), upper: toSparseRows(upper) };
}

/**
 * Combines graph and vectors into the file that hnswlib reads.
 *
 * @param vectors augmented, row-major, nodes × (dims + 1), from the factors that the graph was built on
 * @throws ARTIFACT_MALFORMED if graph and vectors differ in number
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
  const dataOffset = WORD_BYTES * (maxLinks + 1);
  const labelOffset = dataOffset + WORD_BYTES * width;
  const recordBytes = labelOffset + WORD_BYTES;
  const upperBytes = WORD_BYTES * (maxLinks + 1);
  const upperLists = graph.upper.offsets.length - 1;
  const file = new Uint8Array(HEADER_BYTES + nodes * recordBytes + nodes * WORD_BYTES + upperLists * upperBytes);
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
    maxLinks,
    maxLinks,
    graph.linksPerNode,
  ].forEach((value, field) => {
    view.setUint32(field * WORD_BYTES, value, true);
  });
  view.setFloat64(44, 1 / Math.log(graph.linksPerNode), true);
  view.setUint32(52, graph.efConstruction, true);

  const words = new Uint32Array(file.buffer, 0, Math.floor(file.length / WORD_BYTES));
  const floats = new Float32Array(file.buffer, 0, words.length);
  const putList = (word: number, lists: SparseRows, row: number) => {
    const [begin, end] = [lists.offsets[row], lists.offsets[row + 1]];
    words[word] = end - begin;
    words.set(lists.columns.subarray(begin, end), word + 1);
  };
  for (let node = 0; node < nodes; node++) {
    const word = (HEADER_BYTES + node * recordBytes) / WORD_BYTES;
    putList(word, graph.base, node);
    floats.set(vectors.subarray(node * width, (node + 1) * width), word + dataOffset / WORD_BYTES);
    words[word + labelOffset / WORD_BYTES] = node;
  }
  let word = (HEADER_BYTES + nodes * recordBytes) / WORD_BYTES;
  let row = 0;
  for (let node = 0; node < nodes; node++) {
    words[word++] = graph.levels[node] * upperBytes;
    for (let level = 0; level < graph.levels[node]; level++, word += upperBytes / WORD_BYTES)
      putList(word, graph.upper, row++);
  }
  return file;
}
