import protobuf from 'protobufjs/minimal.js';

/**
 * The protobuf runtime with 64-bit fields as JavaScript numbers: every one of ours (milliseconds, sequences) stays below 2^53,
 * and `frames.ts` refuses what does not. Random 64-bit ids are `bytes`, never integers.
 */
(protobuf.util as { Long: unknown }).Long = null;
protobuf.configure();

export { protobuf };
