import { describe, expect, it } from '@jest/globals';
import type { AccountGuard, MailboxNo } from '../mailbox/guards.js';
import type { AccountId, DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import type { Recipient } from '../protocol/send-request.js';
import { compareDeviceList } from './compare-device-list.js';

const [phone, laptop, tablet] = ['phone', 'laptop', 'tablet'] as DeviceId[] as [DeviceId, DeviceId, DeviceId];

/** An account whose devices hold these registration ids. */
function account(...devices: readonly [DeviceId, number][]): AccountGuard {
  return {
    accountNo: 1,
    listVersion: 3 as ListVersion,
    suspended: false,
    devices: devices.map(([deviceId, id], index) => ({
      deviceId,
      mailboxNo: (index + 1) as unknown as MailboxNo,
      registrationId: id as RegistrationId,
      node: null,
    })),
  };
}

function to(coverage: Recipient['coverage'], ...devices: readonly [DeviceId, number][]): Recipient {
  return {
    accountId: 'bob' as AccountId,
    listVersion: 1 as ListVersion,
    coverage,
    envelopes: devices.map(([deviceId, id]) => ({
      deviceId,
      registrationId: id as RegistrationId,
      kind: 2,
      control: false,
      content: Uint8Array.of(1),
    })),
  };
}

describe('compareDeviceList, complete', () => {
  const bob = account([phone, 1], [laptop, 2]);

  it('accepts exactly the active devices, in any order, whatever version is claimed', () => {
    expect(compareDeviceList(to('complete', [laptop, 2], [phone, 1]), bob)).toBeUndefined();
  });

  it('names a missing device', () => {
    expect(compareDeviceList(to('complete', [phone, 1]), bob)).toEqual({ missing: [laptop], extra: [], stale: [] });
  });

  it('names an extra device', () => {
    expect(compareDeviceList(to('complete', [phone, 1], [laptop, 2], [tablet, 3]), bob)).toEqual({
      missing: [],
      extra: [tablet],
      stale: [],
    });
  });

  it('names a stale device, and only as stale', () => {
    expect(compareDeviceList(to('complete', [phone, 1], [laptop, 9]), bob)).toEqual({
      missing: [],
      extra: [],
      stale: [laptop],
    });
  });

  it('says everything at once', () => {
    const difference = compareDeviceList(to('complete', [phone, 9], [tablet, 3]), bob);
    expect(difference).toEqual({ missing: [laptop], extra: [tablet], stale: [phone] });
  });

  it('finds every device extra where the account has none', () => {
    expect(compareDeviceList(to('complete', [phone, 1]), account())).toEqual({
      missing: [],
      extra: [phone],
      stale: [],
    });
  });

  it('misses every device where nothing is named', () => {
    expect(compareDeviceList(to('complete'), bob)).toEqual({ missing: [phone, laptop], extra: [], stale: [] });
  });
});

describe('compareDeviceList, the own account', () => {
  const own = account([phone, 1], [laptop, 2]);

  it('does not expect the sending device', () => {
    expect(compareDeviceList(to('complete', [laptop, 2]), own, phone)).toBeUndefined();
  });

  it('refuses the sending device as extra', () => {
    expect(compareDeviceList(to('complete', [phone, 1], [laptop, 2]), own, phone)).toEqual({
      missing: [],
      extra: [phone],
      stale: [],
    });
  });

  it('expects nothing of a person with one device', () => {
    expect(compareDeviceList(to('complete'), account([phone, 1]), phone)).toBeUndefined();
  });
});

describe('compareDeviceList, selected', () => {
  const bob = account([phone, 1], [laptop, 2]);

  it('does not report devices that are not named', () => {
    expect(compareDeviceList(to('selected', [phone, 1]), bob)).toBeUndefined();
  });

  it('checks those that are', () => {
    expect(compareDeviceList(to('selected', [phone, 9], [tablet, 1]), bob)).toEqual({
      missing: [],
      extra: [tablet],
      stale: [phone],
    });
  });

  it('does not select the sending device', () => {
    expect(compareDeviceList(to('selected', [phone, 1]), bob, phone)).toEqual({
      missing: [],
      extra: [phone],
      stale: [],
    });
  });
});
