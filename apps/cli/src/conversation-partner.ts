import { parseContactAddress } from '../../../libs/protocol/contact-address.js';
import { isUuid, type AccountId } from '../../../libs/protocol/ids.js';
import type { People } from './people.js';
import { Trouble } from './trouble.js';

/** Whom a chat goes to. With an address the account key is pinned before anything is encrypted to it. */
export interface Partner {
  readonly accountId: AccountId;
  readonly address: string | undefined;
}

/** A name from here, a contact address, or a bare account id (first use: the server is believed). */
export function partnerFrom(people: People, text: string): Partner {
  const local = people.find(text);
  if (local !== undefined) return { accountId: local.accountId as AccountId, address: local.address };
  if (isUuid(text)) return { accountId: text as AccountId, address: undefined };
  const parsed = parseContactAddress(text);
  if (parsed.kind === 'address') return { accountId: parsed.address.accountId, address: text };
  const what =
    parsed.reason === 'link_text' ? 'This is a link text, not a contact address.' : `Nobody here is called "${text}".`;
  throw new Trouble(what, 'Give a name from here, a contact address (sotto:1/…), or an account id.', 2);
}

/** Without --to: the only other person who has a device here. */
export function onlyOther(people: People, name: string): Partner | undefined {
  const { demo, tenantId } = people.get(name);
  const others = Object.entries(people.read().people).filter(
    ([other, person]) => other !== name && person.tenantId === tenantId && person.demo === demo,
  );
  const [other] = others;
  return others.length === 1 && other !== undefined ? partnerFrom(people, other[0]) : undefined;
}
