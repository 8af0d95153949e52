/** An undirected graph in compressed sparse rows: a node has `links[offsets[node] … offsets[node + 1])`. */
export interface Graph {
  offsets: Uint32Array;
  links: Uint32Array;
}

/** Maximum rounds of exchanges at each division; later rounds would move hardly any node. */
const MAX_ROUNDS = 12;
/** Parts of at most this many nodes are not divided. They stay ascending, so that the order itself compresses well. */
const MAX_UNDIVIDED = 64;

/**
 * Orders nodes so that linked nodes are near each other, which makes the gaps between links take few bits: recursive
 * graph bisection (Dhulipala et al. 2016, "Compressing graphs and indexes with recursive graph bisection"). Nodes are
 * divided into two halves. Pairs of nodes are exchanged as long as this reduces the expected bits of the gaps, Σ
 * d·log₂(n / (d + 1)) over all nodes with d links into a half of n nodes. Each half is then divided in the same way.
 * The result is deterministic.
 *
 * @returns nodes by place
 */
export function bisectionOrder({ offsets, links }: Graph): Uint32Array {
  const nodeCount = offsets.length - 1;
  const order = Uint32Array.from({ length: nodeCount }, (_, node) => node);
  const logs = Float64Array.from({ length: nodeCount + 2 }, (_, i) => Math.log2(i));
  /** Number of links of each node into the two halves. */
  const intoLeft = new Uint32Array(nodeCount);
  const intoRight = new Uint32Array(nodeCount);
  /**
   * Bits that a node saves if one of its links moves to the other half, and the sum of these over the links of a node.
   */
  const leftwardGains = new Float64Array(nodeCount);
  const rightwardGains = new Float64Array(nodeCount);
  const gains = new Float64Array(nodeCount);
  /** Nodes with links into either half. */
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
    if (end - begin <= MAX_UNDIVIDED) return;
    const middle = (begin + end) >> 1;
    const left = order.slice(begin, middle);
    const right = order.slice(middle, end);
    count(left, intoLeft);
    count(right, intoRight);
    const bits = (l: number, r: number) =>
      l * (logs[left.length] - logs[l + 1]) + r * (logs[right.length] - logs[r + 1]);
    for (let round = 0; round < MAX_ROUNDS; round++) {
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
