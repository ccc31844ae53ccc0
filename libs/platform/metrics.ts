import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';

type Config<Full> = Omit<Full, 'registers'>;

/**
 * Milliseconds between looks at how late the event loop is; the lag that is told includes them. Every 10, as the library has it, is most of
 * what an idle process does.
 */
const LAG_EVERY = 50;

/** What this process counts, for Prometheus. Names get the prefix `sotto_`; labels are short fixed words, never ids. */
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'sotto_', eventLoopMonitoringPrecision: LAG_EVERY });
  }

  counter<Label extends string>(config: Config<CounterConfiguration<Label>>): Counter<Label> {
    return new Counter({ ...config, name: `sotto_${config.name}`, registers: [this.registry] });
  }

  histogram<Label extends string>(config: Config<HistogramConfiguration<Label>>): Histogram<Label> {
    return new Histogram({ ...config, name: `sotto_${config.name}`, registers: [this.registry] });
  }

  gauge<Label extends string>(config: Config<GaugeConfiguration<Label>>): Gauge<Label> {
    return new Gauge({ ...config, name: `sotto_${config.name}`, registers: [this.registry] });
  }

  /** A gauge without labels that is asked for when it is read; while `read` says undefined it has no value. */
  sampled(
    config: { readonly name: string; readonly help: string },
    read: () => number | undefined | Promise<number | undefined>,
  ): void {
    this.gauge({
      ...config,
      async collect() {
        const value = await read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** The text of `/metrics`, and its content type. */
  async render(): Promise<{ readonly body: string; readonly contentType: string }> {
    return { body: await this.registry.metrics(), contentType: this.registry.contentType };
  }
}
