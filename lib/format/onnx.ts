import { PbfWriter } from 'pbf';
import { InkpickError } from '../contracts/errors';
import { assertMlp, type DenseLayer, type Mlp } from '../math/mlp';
import { Message } from './onnx-message';

/**
 * Small networks as ONNX models (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), specified in docs/FORMAT.md:
 * one `Gemm` a layer, followed by a `Relu` if the layer has one, and initialisers as raw bytes: float32, or 8-bit
 * weights with a `DequantizeLinear` before their `Gemm`. The reader accepts no other nodes.
 */

const IR_VERSION = 8;
const OPSET_VERSION = 17;
const PRODUCER = 'inkpick';
/** Name of the first dimension, whose size callers choose. */
const BATCH = 'batch';
/** `TensorProto.DataType.FLOAT` and `.INT8`, and `AttributeProto.AttributeType.INT`. */
const FLOAT = 1;
const INT8 = 3;
const INT = 2;

interface Attribute {
  name: string;
  value: number;
}
/** Attribute of a `Gemm`: its weights are [outputs, inputs]. */
const TRANSPOSED: Attribute = { name: 'transB', value: 1 };
/** Attribute of a `DequantizeLinear`: one scale an output, that is, a row of the weights. */
const BY_ROW: Attribute = { name: 'axis', value: 0 };

/** Messages of onnx.proto with the numbers of the fields used here. Other fields are rejected. */
const MODEL = { ir_version: 1, producer_name: 2, doc_string: 6, graph: 7, opset_import: 8 } as const;
const OPSET = { domain: 1, version: 2 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, op_type: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, i: 3, type: 20 } as const;
const TENSOR = { dims: 1, data_type: 2, name: 8, raw_data: 9 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TYPE = { tensor_type: 1 } as const;
const TENSOR_TYPE = { elem_type: 1, shape: 2 } as const;
const SHAPE = { dim: 1 } as const;
const DIMENSION = { dim_value: 1, dim_param: 2 } as const;

export interface OnnxNames {
  /** Name of the graph. */
  name: string;
  inputName?: string;
  outputName?: string;
  /** Purpose of the network and meaning of its inputs, for people who open the file. */
  doc?: string;
  /** Whether to store weights in 8 bits, a quarter of the bytes. They are read back as by {@link roundWeights}. */
  rounded?: boolean;
}

/**
 * Rounds the weights to 8 bits: multiples of one step an output, up to ±127. Biases are not rounded. Rounding a rounded
 * network changes nothing.
 */
export function roundWeights({ layers }: Mlp): Mlp {
  return {
    layers: layers.map((layer) => ({ ...layer, weights: dequantise(quantise(layer), layer.inputs) })),
  };
}

interface RowQuantised {
  quantised: Int8Array;
  /** One an output. */
  scales: Float32Array;
}

function quantise({ weights, inputs, outputs }: DenseLayer): RowQuantised {
  const quantised = new Int8Array(weights.length);
  const scales = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    let largest = 0;
    for (let i = row * inputs; i < (row + 1) * inputs; i++) largest = Math.max(largest, Math.abs(weights[i]));
    scales[row] = shortStep(largest / 127);
    if (scales[row] === 0) continue;
    for (let i = row * inputs; i < (row + 1) * inputs; i++) quantised[i] = Math.round(weights[i] / scales[row]);
  }
  return { quantised, scales };
}

function dequantise({ quantised, scales }: RowQuantised, inputs: number): Float32Array {
  return Float32Array.from(quantised, (value, i) => value * scales[Math.floor(i / inputs)]);
}

/**
 * Rounds `step` up to 16 significant bits. Its multiples up to 127 are then exact in float32, and quantising them again
 * gives the same step.
 */
function shortStep(step: number): number {
  if (step < MIN_STEP) return 0;
  const unit = 2 ** (Math.floor(Math.log2(step)) - 15);
  return Math.ceil(step / unit) * unit;
}
/** Smaller steps become 0, because their multiples would leave the range of float32. */
const MIN_STEP = 2 ** -100;

/**
 * Writes a network as an ONNX model with the input `inputName`, [batch, inputs], and the output `outputName`, [batch,
 * outputs], both float32. The bytes are deterministic.
 *
 * @throws RangeError if the network is inconsistent, or the names are not distinct
 */
export function writeMlp(
  mlp: Mlp,
  { name, inputName = 'input', outputName = 'output', doc, rounded = false }: OnnxNames,
): Uint8Array<ArrayBuffer> {
  assertMlp(mlp);
  const { layers } = mlp;
  const last = layers.length - 1;
  const isInner = (tensor: string) => /^layer\d+\//.test(tensor);
  if (inputName === outputName || isInner(inputName) || isInner(outputName))
    throw new RangeError(`a network cannot take "${inputName}" and give "${outputName}": the names must be its own`);

  const writer = new PbfWriter();
  writer.writeVarintField(MODEL.ir_version, IR_VERSION);
  writer.writeStringField(MODEL.producer_name, PRODUCER);
  if (doc) writer.writeStringField(MODEL.doc_string, doc);
  nest(writer, MODEL.graph, () => {
    let current = inputName;
    layers.forEach(({ activation }, i) => {
      const result = i === last ? outputName : `layer${i}/output`;
      const sum = activation === 'relu' ? `layer${i}/sum` : result;
      if (rounded)
        writeNode(writer, 'DequantizeLinear', [`layer${i}/rounded`, `layer${i}/scales`], `layer${i}/weights`, BY_ROW);
      writeNode(writer, 'Gemm', [current, `layer${i}/weights`, `layer${i}/bias`], sum, TRANSPOSED);
      if (activation === 'relu') writeNode(writer, 'Relu', [sum], result);
      current = result;
    });
    writer.writeStringField(GRAPH.name, name);
    layers.forEach((layer, i) => {
      const { inputs, outputs, weights, bias } = layer;
      if (rounded) {
        const { quantised, scales } = quantise(layer);
        writeTensor(writer, `layer${i}/rounded`, [outputs, inputs], quantised);
        writeTensor(writer, `layer${i}/scales`, [outputs], scales);
      } else {
        writeTensor(writer, `layer${i}/weights`, [outputs, inputs], weights);
      }
      writeTensor(writer, `layer${i}/bias`, [outputs], bias);
    });
    writeMatrixInfo(writer, GRAPH.input, inputName, layers[0].inputs);
    writeMatrixInfo(writer, GRAPH.output, outputName, layers[last].outputs);
  });
  nest(writer, MODEL.opset_import, () => writer.writeVarintField(OPSET.version, OPSET_VERSION));
  return Uint8Array.from(writer.finish());
}

/** Writes a field of type message, whose content `write` writes. */
function nest(writer: PbfWriter, field: number, write: () => void): void {
  writer.writeMessage(field, write, null);
}

function writeNode(writer: PbfWriter, operator: string, inputs: string[], output: string, attribute?: Attribute): void {
  nest(writer, GRAPH.node, () => {
    for (const input of inputs) writer.writeStringField(NODE.input, input);
    writer.writeStringField(NODE.output, output);
    writer.writeStringField(NODE.op_type, operator);
    if (!attribute) return;
    nest(writer, NODE.attribute, () => {
      writer.writeStringField(ATTRIBUTE.name, attribute.name);
      writer.writeVarintField(ATTRIBUTE.i, attribute.value);
      writer.writeVarintField(ATTRIBUTE.type, INT);
    });
  });
}

function writeTensor(writer: PbfWriter, name: string, dims: number[], values: Float32Array | Int8Array): void {
  nest(writer, GRAPH.initializer, () => {
    for (const size of dims) writer.writeVarintField(TENSOR.dims, size);
    writer.writeVarintField(TENSOR.data_type, values instanceof Int8Array ? INT8 : FLOAT);
    writer.writeStringField(TENSOR.name, name);
    // ONNX is little-endian, and so is every machine that runs JavaScript today.
    writer.writeBytesField(TENSOR.raw_data, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  });
}

/** Writes the type of a float32 matrix [batch, columns]. */
function writeMatrixInfo(writer: PbfWriter, field: number, name: string, columns: number): void {
  nest(writer, field, () => {
    writer.writeStringField(VALUE_INFO.name, name);
    nest(writer, VALUE_INFO.type, () =>
      nest(writer, TYPE.tensor_type, () => {
        writer.writeVarintField(TENSOR_TYPE.elem_type, FLOAT);
        nest(writer, TENSOR_TYPE.shape, () => {
          nest(writer, SHAPE.dim, () => writer.writeStringField(DIMENSION.dim_param, BATCH));
          nest(writer, SHAPE.dim, () => writer.writeVarintField(DIMENSION.dim_value, columns));
        });
      }),
    );
  });
}

/**
 * Reads the output of {@link writeMlp}. Allocates no more memory than a copy of the weights in the file.
 *
 * @param label names the file in errors
 * @throws InkpickError ARTIFACT_EMPTY, ARTIFACT_FOREIGN (not an ONNX model), ARTIFACT_FUTURE (a later version of ONNX),
 *   ARTIFACT_TRUNCATED, or ARTIFACT_MALFORMED (inconsistent, or nodes that this reader does not support)
 */
export function readMlp(bytes: Uint8Array, label: string): Mlp {
  if (bytes.length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${label} is empty (0 bytes)`);
  if (bytes[0] !== MODEL.ir_version << 3)
    throw new InkpickError('ARTIFACT_FOREIGN', `${label} is not an ONNX model: it does not begin with its IR version`);
  const model = new Message(bytes, MODEL, 'the model', label, true);
  model.version('ir_version', IR_VERSION, 'IR version');
  const opset = model.message('opset_import', OPSET, 'opset_import');
  opset.version('version', OPSET_VERSION, 'operator set');
  if (opset.count('domain') > 0 && opset.text('domain') !== '')
    throw opset.fault(`it requires the operators of "${opset.text('domain')}"`);
  const graph = model.message('graph', GRAPH, 'the graph');
  const input = readValueInfo(graph, 'input');
  const output = readValueInfo(graph, 'output');
  const tensors = readTensors(graph);

  const layers: DenseLayer[] = [];
  let current = input.name;
  graph.messages('node', NODE, 'node').forEach((node, i) => {
    const operator = node.text('op_type');
    const sources = node.texts('input');
    const previous = layers.at(-1);
    if (operator === 'DequantizeLinear') {
      tensors.set(node.text('output'), readRounded(node, sources, tensors));
      return;
    }
    if (sources[0] !== current) throw node.fault(`it takes "${sources[0]}", where "${current}" was expected`);
    if (operator === 'Gemm') {
      const layer = readLayer(node, sources, tensors);
      const available = previous?.outputs ?? input.columns;
      if (layer.inputs !== available)
        throw node.fault(`it takes ${layer.inputs} numbers, where ${available} are given`);
      layers.push(layer);
    } else if (operator === 'Relu' && previous?.activation === 'none') {
      if (sources.length !== 1 || node.count('attribute') > 0) throw node.fault('it has more than one input');
      previous.activation = 'relu';
    } else {
      throw node.fault(`it is "${operator}", where ${i === 0 ? '"Gemm" was' : '"Gemm" or one "Relu" was'} expected`);
    }
    current = node.text('output');
  });
  const last = layers.at(-1);
  if (!last) throw graph.fault('it has no nodes');
  if (current !== output.name || last.outputs !== output.columns)
    throw graph.fault(`its nodes end in "${current}", ${last.outputs} numbers, not in "${output.name}"`);
  const [unused] = tensors.keys();
  if (unused !== undefined) throw graph.fault(`nothing uses its tensor "${unused}"`);
  return { layers };
}

/** A tensor whose values match its shape. */
interface Tensor {
  dims: number[];
  values: Float32Array | Int8Array;
}

function readTensors(graph: Message<keyof typeof GRAPH>): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const tensor of graph.messages('initializer', TENSOR, 'tensor')) {
    const name = tensor.text('name');
    if (tensors.has(name)) throw tensor.fault(`there is another named "${name}"`);
    const type = tensor.number('data_type');
    if (type !== FLOAT && type !== INT8) throw tensor.fault(`"${name}" is neither float32 nor int8`);
    const dims = tensor.numbers('dims');
    const raw = tensor.bytes('raw_data');
    if (dims.reduce((product, size) => product * size, type === FLOAT ? 4 : 1) !== raw.length)
      throw tensor.fault(`"${name}" has the shape [${dims.join(', ')}] and ${raw.length} bytes`);
    // A copy, because a Float32Array must be aligned and the file may start at any address.
    const { buffer } = Uint8Array.from(raw);
    const values = type === FLOAT ? new Float32Array(buffer) : new Int8Array(buffer);
    if (!(values as Float32Array).every(Number.isFinite))
      throw tensor.fault(`"${name}" has a value that is not finite`);
    tensors.set(name, { dims, values });
  }
  return tensors;
}

/** @returns the weights of a `DequantizeLinear`; removes its tensors from `tensors` */
function readRounded(node: Message<keyof typeof NODE>, sources: string[], tensors: Map<string, Tensor>): Tensor {
  onlyAttribute(node, BY_ROW);
  const [rounded, scales] = takeTensors(node, sources, tensors);
  const fits =
    sources.length === 2 &&
    rounded.values instanceof Int8Array &&
    rounded.dims.length === 2 &&
    scales.values instanceof Float32Array &&
    scales.dims.length === 1 &&
    scales.dims[0] === rounded.dims[0];
  if (!fits) throw node.fault('it must take int8 [outputs, inputs] and float32 scales [outputs]');
  if (tensors.has(node.text('output'))) throw node.fault(`there is another tensor "${node.text('output')}"`);
  const { values, dims } = rounded;
  const weights = dequantise({ quantised: values as Int8Array, scales: scales.values as Float32Array }, dims[1]);
  if (!weights.every(Number.isFinite)) throw node.fault('it gives a value that is not finite');
  return { dims, values: weights };
}

/** @returns the layer of a `Gemm`; removes its tensors from `tensors` */
function readLayer(node: Message<keyof typeof NODE>, sources: string[], tensors: Map<string, Tensor>): DenseLayer {
  onlyAttribute(node, TRANSPOSED);
  const [weights, bias] = takeTensors(node, sources.slice(1), tensors);
  const fits =
    sources.length === 3 &&
    weights.values instanceof Float32Array &&
    weights.dims.length === 2 &&
    weights.values.length > 0 &&
    bias.values instanceof Float32Array &&
    bias.dims.length === 1 &&
    bias.dims[0] === weights.dims[0];
  if (!fits) throw node.fault('its weights must be [outputs, inputs] and its bias [outputs], of float32');
  const [outputs, inputs] = weights.dims;
  const [weightValues, biasValues] = [weights.values as Float32Array, bias.values as Float32Array];
  return { inputs, outputs, weights: weightValues, bias: biasValues, activation: 'none' };
}

function onlyAttribute(node: Message<keyof typeof NODE>, { name, value }: Attribute): void {
  const attributes = node.messages('attribute', ATTRIBUTE, 'attribute').map((attribute) => {
    const found = attribute.text('name');
    return attribute.number('type') === INT ? `${found} = ${attribute.number('i')}` : found;
  });
  if (attributes.length !== 1 || attributes[0] !== `${name} = ${value}`)
    throw node.fault(`it has the attributes [${attributes.join(', ')}], where [${name} = ${value}] was expected`);
}

function takeTensors(node: Message<keyof typeof NODE>, names: string[], tensors: Map<string, Tensor>): Tensor[] {
  return names.map((name) => {
    const tensor = tensors.get(name);
    if (!tensor) throw node.fault(`its tensor "${name}" is missing, or used twice`);
    tensors.delete(name);
    return tensor;
  });
}

function readValueInfo(
  graph: Message<keyof typeof GRAPH>,
  which: 'input' | 'output',
): { name: string; columns: number } {
  const info = graph.message(which, VALUE_INFO, `the graph's ${which}`);
  const tensor = info.message('type', TYPE, 'its type').message('tensor_type', TENSOR_TYPE, 'its type');
  const dims = tensor.message('shape', SHAPE, 'its shape').messages('dim', DIMENSION, 'dimension');
  const isMatrix =
    tensor.number('elem_type') === FLOAT &&
    dims.length === 2 &&
    dims[0].count('dim_param') === 1 &&
    dims[1].count('dim_value') === 1;
  if (!isMatrix) throw info.fault('it must be float32 of the shape [batch, columns]');
  return { name: info.text('name'), columns: dims[1].number('dim_value') };
}
