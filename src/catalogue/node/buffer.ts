import { entries, type MemberEntry, sameFor } from '../schema.ts';

const NUMBERS = [
  'DoubleBE',
  'DoubleLE',
  'FloatBE',
  'FloatLE',
  'Int16BE',
  'Int16LE',
  'Int32BE',
  'Int32LE',
  'Int8',
  'UInt16BE',
  'UInt16LE',
  'UInt32BE',
  'UInt32LE',
  'UInt8',
];
const unclean: MemberEntry = {
  role: 'unclean',
  argument: 0,
  reason: 'the memory still holds what its last user wrote; `Buffer.alloc` does not',
};

/** `node:buffer` and the global `Buffer`. */
export const buffer = entries('buffer', {
  checkedWith: '@types/node 20',
  globals: { Buffer: 'Buffer' },
  members: {
    'Buffer.static:allocUnsafe': unclean,
    'Buffer.static:allocUnsafeSlow': unclean,
    'Buffer.static:alloc': { role: 'pure', rejects: true },
    'Buffer.static:byteLength': 'pure',
    'Buffer.static:compare': 'pure',
    'Buffer.static:concat': 'pure',
    'Buffer.static:from': {
      role: 'pure',
      rejects: true,
      rarely: true,
      reason: 'of an ArrayBuffer it is a view, not a copy',
    },
    'Buffer.static:isBuffer': 'pure',
    'Buffer.fill': { role: ['mutates', 'resets'], value: 0, rejects: false },
    'Buffer.write': { role: 'mutates', value: 0 },
    'Buffer.copy': { role: 'mutates', argument: 0, resource: 'argument' },
    ...sameFor('Buffer', ['swap16', 'swap32', 'swap64'], 'mutates'),
    ...sameFor('Buffer', ['compare', 'equals', 'toJSON'], { role: ['reads', 'pure'] }),
    'Buffer.toString': { role: ['reads', 'pure'] },
    'Buffer.subarray': { role: ['reads', 'pure'], reason: 'the result is a view of the same memory' },
    'Buffer.slice': { role: ['reads', 'pure'], reason: 'the result is a view of the same memory' },
    ...sameFor(
      'Buffer',
      NUMBERS.map((kind) => `read${kind}`),
      { role: ['reads', 'pure'], rejects: true },
    ),
    ...sameFor(
      'Buffer',
      NUMBERS.map((kind) => `write${kind}`),
      { role: 'mutates', value: 0, key: 1 },
    ),
  },
});
