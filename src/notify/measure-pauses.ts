import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../kernel/clock.ts';
import type { Pauses } from './pauses.ts';

const MEASURED = { account: 'wechat', template: 'template', custom: 'custom' } as const;

/** Shows in the metrics for how many seconds more WeChat is left alone: the account, one of its two ways to send; 0 for none. */
export function measurePauses({ metrics, pauses, clock }: { metrics: Registry; pauses: Pauses; clock: Clock }): void {
  new Gauge({
    name: 'xiaoxin_wechat_pause_seconds',
    help: 'For how many seconds more notices by WeChat wait, by what is paused; 0 where nothing is',
    labelNames: ['what'],
    registers: [metrics],
    async collect() {
      for (const [what, paused] of Object.entries(MEASURED)) {
        const end = await pauses.until(paused);
        this.set({ what }, end ? Math.ceil((end.getTime() - clock.now().getTime()) / 1000) : 0);
      }
    },
  });
}
