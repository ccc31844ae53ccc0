import { Generator } from './generator.js';
import type { Order } from './process.js';

const [, , place = '{}'] = process.argv;
const generator = new Generator(JSON.parse(place) as ConstructorParameters<typeof Generator>[0]);

process.on('message', (order: Order) => {
  void obey(order);
});
process.on('disconnect', () => process.exit(0));

async function obey({ no, name, args }: Order): Promise<void> {
  try {
    const work = generator[name].bind(generator) as (of: unknown) => unknown;
    process.send?.({ no, result: await work(args) });
  } catch (error) {
    process.send?.({ no, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
