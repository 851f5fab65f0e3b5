import type { Logger } from 'pino';
import type { Scope } from '../kernel/scope.ts';
import type { Outbox } from './outbox.ts';
import type { Pauses } from './pauses.ts';
import { templateFinished } from './template-finished.ts';

type Parts = {
  outbox: Pick<Outbox, 'kick'>;
  pauses: Pick<Pauses, 'pauseAccount' | 'arrived'>;
  log: Logger;
};

/**
 * Takes the platform's reports on template messages: what became of each notice, and what that says of the account. A
 * blocked sender is no matter of one notice: all of them wait, and somebody is alarmed.
 */
export function createTemplateReports({ outbox, pauses, log }: Parts) {
  return async (scope: Scope, report: { msgId: string; outcome: string; status: string }): Promise<void> => {
    if (await templateFinished(scope, report)) scope.afterCommit(() => outbox.kick());
    if (report.outcome === 'received') scope.afterCommit(pauses.arrived);
    if (report.outcome === 'accountBlocked')
      scope.afterCommit(async () => {
        const until = await pauses.pauseAccount('senderBlocked');
        log.error({ status: report.status, until }, 'WeChat delivers nothing of this account; notices wait');
      });
  };
}
