import { describe, expect, it } from '@jest/globals';
import { readAssertion } from './assertion.js';

const ISSUER = 'https://chat.example';
const NOW = 1_800_000_000_000;
const SECONDS = NOW / 1000;
const DEVICE = '6f1c2a52-8d4e-4c3b-9a7f-0123456789ab';

const HEADER = { alg: 'EdDSA', typ: 'sotto-assertion+jwt' };
const CLAIMS = { iss: DEVICE, sub: DEVICE, aud: ISSUER, iat: SECONDS, exp: SECONDS + 60, n: 7 };

function jwt(header: object, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${'A'.repeat(86)}`;
}

function read(header: object, claims: object) {
  return readAssertion(jwt({ ...HEADER, ...header }, { ...CLAIMS, ...claims }), { issuer: ISSUER, now: NOW });
}

describe('readAssertion', () => {
  it('takes the device and its counter', () => {
    expect(read({}, {})).toEqual({ kind: 'assertion', deviceId: DEVICE, n: 7 });
  });

  it.each<[string, object, object]>([
    ['alg none', { alg: 'none' }, {}],
    ['alg HS256', { alg: 'HS256' }, {}],
    ['alg ES256', { alg: 'ES256' }, {}],
    ['the typ of an access token', { typ: 'at+jwt' }, {}],
    ['no typ', { typ: undefined }, {}],
    ['another audience', {}, { aud: 'https://evil.example' }],
    ['an audience with a slash more', {}, { aud: `${ISSUER}/` }],
    ['several audiences', {}, { aud: [ISSUER, 'https://evil.example'] }],
    ['a subject that is not the issuer', {}, { sub: '6f1c2a52-8d4e-4c3b-9a7f-0123456789ac' }],
    ['an issuer that is no id', {}, { iss: 'me', sub: 'me' }],
    ['an upper-case id', {}, { iss: DEVICE.toUpperCase(), sub: DEVICE.toUpperCase() }],
    ['a life of 61 s', {}, { exp: SECONDS + 61 }],
    ['no life', {}, { exp: SECONDS }],
    ['no expiry', {}, { exp: undefined }],
    ['no time of issue', {}, { iat: undefined }],
    ['a time with a fraction', {}, { iat: SECONDS + 0.5 }],
    ['no counter', {}, { n: undefined }],
    ['counter 0', {}, { n: 0 }],
    ['a counter as text', {}, { n: '8' }],
    ['a counter beyond 2^53', {}, { n: 2 ** 53 }],
  ])('refuses %s', (_, header, claims) => {
    expect(read(header, claims)).toMatchObject({ kind: 'problem', code: 'assertion_invalid' });
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '....', `${jwt(HEADER, CLAIMS)}.x`])('refuses %j, which is no JWT', (compact) => {
    expect(readAssertion(compact, { issuer: ISSUER, now: NOW })).toMatchObject({ code: 'assertion_invalid' });
  });

  it.each([-120, 120])('works with a clock that is %d s off', (off) => {
    expect(read({}, { iat: SECONDS + off, exp: SECONDS + off + 60 })).toMatchObject({ kind: 'assertion' });
  });

  it.each([-121, 121, -86_400])('tells the time to a clock that is %d s off', (off) => {
    expect(read({}, { iat: SECONDS + off, exp: SECONDS + off + 60 })).toMatchObject({
      code: 'clock_skew',
      serverTime: NOW,
    });
  });
});
