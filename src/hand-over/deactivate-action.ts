import { holderOptions } from '../customers/index.ts';
import type { Scope } from '../kernel/scope.ts';
import type { TableAction } from '../web/define-table.ts';
import type { HandOverCustomers } from './hand-over-customers.ts';
import { sayHandedOver, sayStillHeld } from './phrases.ts';
import { LeavingInput, WAYS } from './schema.ts';

/**
 * 停用, which asks what becomes of the customers: handed over in the same step, or left where they are, which the answer
 * then says.
 */
export function deactivateAction(parts: {
  setActive(scope: Scope, personId: number, active: boolean): Promise<void>;
  handOver: HandOverCustomers;
}): TableAction {
  const { setActive, handOver } = parts;

  async function partFrom(scope: Scope, personId: number, input: LeavingInput): Promise<string | null> {
    const way = input.customers ?? (input.consultantId === undefined ? 'keep' : 'one');
    const count = await scope.tx.customer.count({ where: { consultantId: personId } });
    if (count === 0) return null;
    if (way === 'keep') {
      const { name } = await scope.tx.person.findUniqueOrThrow({ where: { id: personId }, select: { name: true } });
      return sayStillHeld({ name, count });
    }
    const to = way === 'rota' ? way : { consultantId: input.consultantId ?? -1 };
    return sayHandedOver(await handOver(scope, { fromId: personId, to }));
  }

  return {
    name: 'deactivate',
    title: '停用',
    permission: 'people.deactivate',
    danger: true,
    input: LeavingInput,
    fields: [
      {
        name: 'customers',
        title: '名下的客户',
        kind: 'choice',
        choices: WAYS,
        hint: '不选就先留着，之后在员工资料里交接；没有客户的不用选',
      },
      {
        name: 'consultant',
        title: '接手的同事',
        kind: 'relation',
        options: holderOptions,
        hint: '选「交给一位同事」时填',
      },
    ],
    run: async (scope, id, input) => {
      const customers = await partFrom(scope, id, input as LeavingInput);
      await setActive(scope, id, false);
      return { message: ['停用了，登录都已退出', customers].filter(Boolean).join('。'), customers };
    },
    sum: (done, rows) => ({
      message: [`${rows} 位停用了，登录都已退出`, ...done.flatMap(({ customers }) => customers ?? [])].join('。'),
    }),
  };
}
