import type { Scenario } from '../scenario.js';

/** The whole way with real encryption: from one application, through two clients and the server, to the other application. */
export const sdk: Scenario = {
  name: 'sdk',
  about: 'messages end to end with the client SDK and real encryption; all clients in one process',
  async run({ generator, world }, { quick, seconds }) {
    const { place } = world;
    const one = await generator.order('talk', { place, pairs: 1, seconds });
    const many = await generator.order('talk', { place, pairs: quick ? 4 : 16, seconds });
    const what = { scenario: 'sdk', unit: 'ms', better: 'less' } as const;
    return [
      { ...what, metric: 'one pair, p50', values: [one.p50] },
      { ...what, metric: 'one pair, p99', values: [one.p99] },
      { ...what, metric: 'pairs at once, messages', unit: '/s', better: 'more', values: [many.perSecond] },
      { ...what, metric: 'pairs at once, share of a core of all clients', unit: '', values: [many.ownShare] },
    ];
  },
};
