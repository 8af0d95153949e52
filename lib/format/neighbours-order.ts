/** An undirected graph in compressed sparse row form: `links` of a node are `links[offsets[node] … offsets[node + 1])`. */
export interface Graph {
  offsets: Uint32Array;
  links: Uint32Array;
}

/** Rounds of exchanges at each division; hardly anything moves afterwards. */
const ROUNDS = 12;
/** Nodes that are not divided any further: they stay ascending, which makes the order itself short to write. */
const LEAST_NODES = 64;

/**
 * An order of the nodes in which those that are linked stand near each other, so that the gaps between links take few
 * bits: recursive graph bisection (Dhulipala et al. 2016, "Compressing graphs and indexes with recursive graph
 * bisection"). Nodes are divided into halves; pairs of nodes change sides as long as the logarithms of the expected gaps,
 * Σ d·log₂(n / (d + 1)) over all nodes with d links into a half of n, become smaller by it; each half is then divided in
 * the same way. The same graph gives the same order.
 *
 * @returns nodes by place
 */
export function bisectionOrder({ offsets, links }: Graph): Uint32Array {
  const nodeCount = offsets.length - 1;
  const order = Uint32Array.from({ length: nodeCount }, (_, node) => node);
  const logs = Float64Array.from({ length: nodeCount + 2 }, (_, i) => Math.log2(i));
  /** How many links each node has into the halves that are being formed. */
  const intoLeft = new Uint32Array(nodeCount);
  const intoRight = new Uint32Array(nodeCount);
  /** What a node gains in all where one of its links goes to the other half, and what a node gains that goes there. */
  const leftwardGains = new Float64Array(nodeCount);
  const rightwardGains = new Float64Array(nodeCount);
  const gains = new Float64Array(nodeCount);
  /** The nodes that have any such links. */
  const touched = new Uint32Array(nodeCount);
  let touchedCount = 0;
  const byGain = (a: number, b: number) => gains[b] - gains[a] || a - b;

  const count = (nodes: Uint32Array, into: Uint32Array) => {
    for (const node of nodes)
      for (let i = offsets[node]; i < offsets[node + 1]; i++) {
        const link = links[i];
        if (intoLeft[link] + intoRight[link] === 0) touched[touchedCount++] = link;
        into[link]++;
      }
  };
  const move = (node: number, from: Uint32Array, to: Uint32Array) => {
    for (let i = offsets[node]; i < offsets[node + 1]; i++) {
      from[links[i]]--;
      to[links[i]]++;
    }
  };
  const sortByGain = (nodes: Uint32Array, linkGains: Float64Array) => {
    for (const node of nodes) {
      let gain = 0;
      for (let i = offsets[node]; i < offsets[node + 1]; i++) gain += linkGains[links[i]];
      gains[node] = gain;
    }
    nodes.sort(byGain);
  };

  const divide = (begin: number, end: number) => {
    if (end - begin <= LEAST_NODES) return;
    const middle = (begin + end) >> 1;
    const left = order.slice(begin, middle);
    const right = order.slice(middle, end);
    count(left, intoLeft);
    count(right, intoRight);
    const bits = (l: number, r: number) =>
      l * (logs[left.length] - logs[l + 1]) + r * (logs[right.length] - logs[r + 1]);
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < touchedCount; i++) {
        const node = touched[i];
        const [l, r] = [intoLeft[node], intoRight[node]];
        const now = bits(l, r);
        rightwardGains[node] = l > 0 ? now - bits(l - 1, r + 1) : 0;
        leftwardGains[node] = r > 0 ? now - bits(l + 1, r - 1) : 0;
      }
      sortByGain(left, rightwardGains);
      sortByGain(right, leftwardGains);
      let exchanged = 0;
      while (exchanged < left.length && gains[left[exchanged]] + gains[right[exchanged]] > 1e-9) {
        const [a, b] = [left[exchanged], right[exchanged]];
        move(a, intoLeft, intoRight);
        move(b, intoRight, intoLeft);
        left[exchanged] = b;
        right[exchanged++] = a;
      }
      if (exchanged === 0) break;
    }
    while (touchedCount > 0) {
      const node = touched[--touchedCount];
      intoLeft[node] = 0;
      intoRight[node] = 0;
    }
    order.set(left.sort(), begin);
    order.set(right.sort(), middle);
    divide(begin, middle);
    divide(middle, end);
  };
  divide(0, nodeCount);
  return order;
}
