import type { SignedList } from '../../protocol/device-chain.js';
import type { DeviceList } from '../../protocol/device-list.js';
import type { DeviceId } from '../../protocol/ids.js';
import { blob, int, optionalBlob, text, type Reader, type Row, type Tx } from './store.js';

/** The last lists of the own account, in order: what a restored server may have forgotten. */
export function loadOwnLists(reader: Reader, limit: number): readonly SignedList[] {
  return reader
    .all('select * from own_list order by epoch desc, version desc limit ?', limit)
    .map(signedOf)
    .toReversed();
}

/** False while lists of before are missing here: the chain is asked from its beginning then. */
export function holdsOwnStart(reader: Reader): boolean {
  return int(reader.get('select count(*) as n from own_list where epoch = 1 and version = 1') ?? { n: 0 }, 'n') === 1;
}

export function saveOwnList(tx: Tx, { epoch, version }: DeviceList, signed: SignedList): void {
  tx.run(
    'insert or ignore into own_list (epoch, version, bytes, signature, signer, rotation) values (?, ?, ?, ?, ?, ?)',
    epoch,
    version,
    signed.bytes,
    signed.signature,
    signed.signer,
    signed.rotationSignature ?? null,
  );
}

function signedOf(row: Row): SignedList {
  const signed = {
    bytes: blob(row, 'bytes'),
    signature: blob(row, 'signature'),
    signer: text<DeviceId | 'account-key'>(row, 'signer'),
  };
  const rotationSignature = optionalBlob(row, 'rotation');
  return rotationSignature === undefined ? signed : { ...signed, rotationSignature };
}
