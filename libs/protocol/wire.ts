/** The two operations every generated message offers; the rest of the generated code is not used. */
interface Codec<Properties, Message> {
  encode(message: Properties): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

export function encodeWire<Properties, Message>(codec: Codec<Properties, Message>, message: Properties): Uint8Array {
  return codec.encode(message).finish();
}

/** Undefined for bytes that are no protobuf of this message; what they mean is checked by the caller. */
export function decodeWire<Properties, Message>(
  codec: Codec<Properties, Message>,
  bytes: Uint8Array,
): Message | undefined {
  try {
    return codec.decode(bytes);
  } catch {
    return undefined;
  }
}
