import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { type SparseRows, toSparseRows } from '../math/sparse';
import { ContainerReader, ContainerWriter } from './container';

/**
 * The links of an HNSW graph (Malkov & Yashunin 2018) without its vectors. The vectors are those of the
 * latent artifact, so shipping them twice, and in 32 bits, would cost twenty times the graph. `assembleIndexFile`
 * puts both together into the file that hnswlib's `readIndex` expects.
 *
 * Every link goes both ways. hnswlib drops the way back where a node has links enough; {@link linkBothWays} restores it,
 * after which half the links say it all, and more is found for the same work.
 */
export interface HnswGraph {
  dims: number;
  /** Largest norm of the stored vectors: the radius of the augmented space, see {@link augment}. */
  radius: number;
  /** M: half of the links that a node may have on a level. */
  linksPerNode: number;
  efConstruction: number;
  entryPoint: number;
  /** Neighbours on level 0, by node, ascending. */
  base: SparseRows;
  /** Top level of each node; most are 0. */
  levels: Uint8Array;
  /** Neighbours on levels 1 … top, one list for each such (node, level), nodes ascending. */
  upper: SparseRows;
}

/**
 * hnswlib's own file layout as its 32-bit WebAssembly build writes it: thirteen header fields, then for each
 * node `count, links[2M], vector, label`, then for each node the byte length of its upper links and those.
 */
const HEADER_BYTES = 56;
const WORD = 4;
/** A node of no more links than these keeps them while another can be dropped. */
const SPARED_LINKS = 4;

const count = z.number().int().nonnegative();
const metaSchema = z.object({
  dims: count,
  radius: z.number().nonnegative(),
  linksPerNode: count.min(2).max(128),
  efConstruction: count,
  entryPoint: count,
});

/** @throws RangeError where a link does not go both ways */
export function writeHnsw(graph: HnswGraph): Uint8Array<ArrayBuffer> {
  const { dims, radius, linksPerNode, efConstruction, entryPoint, levels } = graph;
  const counts: number[] = [];
  const gaps: number[] = [];
  for (const { members, lists } of levelsOf(graph)) {
    const places = new Map(Array.from(members, (node, place) => [node, place]));
    const waysBack = new Uint32Array(members.length);
    const backSeen = new Uint32Array(members.length);
    lists.forEach((list, place) => {
      let previous = place;
      let ahead = 0;
      for (const node of list) {
        const other = places.get(node) ?? -1;
        if (other < place) backSeen[place]++;
        if (other <= place) continue;
        waysBack[other]++;
        gaps.push(other - previous - 1);
        previous = other;
        ahead++;
      }
      counts.push(ahead);
    });
    if (waysBack.some((ways, place) => ways !== backSeen[place]))
      throw new RangeError('every link of a graph must go both ways, to a node of its level');
  }
  // Byte by byte, all lowest first: deflate then meets each kind of number by itself.
  const planes = new Uint8Array(WORD * gaps.length);
  for (let plane = 0; plane < WORD; plane++)
    for (let i = 0; i < gaps.length; i++) planes[plane * gaps.length + i] = gaps[i] >>> (8 * plane);
  return new ContainerWriter('hnsw')
    .json('meta', { dims, radius, linksPerNode, efConstruction, entryPoint })
    .array('levels', levels)
    .varint('counts', counts)
    .array('gaps', planes)
    .finish();
}

export function readHnsw(file: Uint8Array, label = 'hnsw'): HnswGraph {
  const reader = new ContainerReader(file, 'hnsw', label);
  const meta = reader.json('meta', metaSchema);
  const levels = reader.u8('levels');
  const counts = reader.varint('counts');
  const planes = reader.u8('gaps');
  const members = membersOf(levels);
  const lists = members.reduce((sum, nodes) => sum + nodes.length, 0);
  const links = counts.reduce((sum, ahead) => sum + ahead, 0);
  const whole = counts.length === lists && planes.length === WORD * links;
  if (!whole || (levels.length > 0 && levels[meta.entryPoint] !== members.length - 1)) throw outside(label);
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
        // hnswlib trusts its file: a link to a node that is not there, or does not reach the level of the link, would
        // read outside the heap. Links are places among the nodes of their level, so that this one check will do.
        if (other >= nodes.length) throw outside(label);
        targets[i] = other;
      }
    }
    return { nodes, lists: bothWays(ahead, targets) };
  });
  const most = 2 * meta.linksPerNode;
  if (!linked.every(({ lists }) => noLongerThan(lists, most))) throw outside(label);
  return { ...meta, base: linked[0].lists, levels, upper: joinLevels(levels, linked.slice(1)) };
}

const outside = (label: string) =>
  new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: its links leave the graph`);

/** All links of each node, ascending, from those that lead to later nodes. */
function bothWays(ahead: Uint32Array, targets: Uint32Array): SparseRows {
  const offsets = new Uint32Array(ahead.length + 1);
  for (const target of targets) offsets[target + 1]++;
  for (let place = 0; place < ahead.length; place++) offsets[place + 1] += offsets[place] + ahead[place];
  const next = offsets.slice();
  const columns = new Uint32Array(2 * targets.length);
  for (let place = 0, i = 0; place < ahead.length; place++) {
    for (const end = i + ahead[place]; i < end; i++) {
      // The ways back come from earlier places, whose turn was before.
      columns[next[place]++] = targets[i];
      columns[next[targets[i]]++] = place;
    }
  }
  return { offsets, columns };
}

function noLongerThan({ offsets }: SparseRows, longest: number): boolean {
  for (let row = 0; row + 1 < offsets.length; row++) if (offsets[row + 1] - offsets[row] > longest) return false;
  return true;
}

/** The lists of levels 1 … top in the order of {@link HnswGraph.upper}, in numbers of nodes. */
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

/** The nodes that reach each level, ascending; level 0 first. */
function membersOf(levels: Uint8Array): Uint32Array[] {
  const top = levels.reduce((highest, level) => Math.max(highest, level), 0);
  const nodes = Uint32Array.from(levels.keys());
  return Array.from({ length: top + 1 }, (_, level) =>
    level === 0 ? nodes : nodes.filter((node) => levels[node] >= level),
  );
}

/** For each level the nodes that reach it, and their lists in the same order. */
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

/** The row of `upper` for level 1 of each node that reaches it. */
function upperRows(levels: Uint8Array): Uint32Array {
  const rows = new Uint32Array(levels.length + 1);
  for (let node = 0; node < levels.length; node++) rows[node + 1] = rows[node] + levels[node];
  return rows;
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

/**
 * The graph in a file that hnswlib wrote: the inverse of {@link assembleIndexFile} but for the order of links, which may
 * still go one way.
 */
export function takeGraph(file: Uint8Array, radius: number): HnswGraph {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = (field: number) => view.getUint32(field * WORD, true);
  const [nodes, recordBytes, labelOffset, dataOffset] = [header(2), header(3), header(4), header(5)];
  const [entryPoint, mostUpper, linksPerNode, efConstruction] = [header(7), header(8), header(10), header(13)];
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
  const upperBytes = WORD * (mostUpper + 1);
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
    base: toSparseRows(base),
    levels,
    upper: toSparseRows(upper),
  };
}

/**
 * The same graph with every link going both ways, and no node having more than 2M on a level: where there are more, the
 * longest go, first those that the node at the other end can spare.
 *
 * @param vectors augmented, nodes × (dims + 1)
 */
export function linkBothWays(graph: HnswGraph, vectors: Float32Array): HnswGraph {
  const width = graph.dims + 1;
  const most = 2 * graph.linksPerNode;
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
      if (others.size <= most) continue;
      const longest = Array.from(others, (other) => ({ other, length: distance(node, other) }))
        .sort((a, b) => b.length - a.length || a.other - b.other)
        .map(({ other }) => other);
      for (const least of [SPARED_LINKS, 0])
        for (const other of longest)
          if (others.size > most && others.has(other) && links.get(other)!.size > least) unlink(node, other);
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
  const upperBytes = WORD * (maxLinks + 1);
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
    maxLinks,
    maxLinks,
    graph.linksPerNode,
  ].forEach((value, field) => {
    view.setUint32(field * WORD, value, true);
  });
  view.setFloat64(44, 1 / Math.log(graph.linksPerNode), true);
  view.setUint32(52, graph.efConstruction, true);

  const words = new Uint32Array(file.buffer, 0, Math.floor(file.length / WORD));
  const floats = new Float32Array(file.buffer, 0, words.length);
  const putList = (word: number, lists: SparseRows, row: number) => {
    const [begin, end] = [lists.offsets[row], lists.offsets[row + 1]];
    words[word] = end - begin;
    words.set(lists.columns.subarray(begin, end), word + 1);
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
