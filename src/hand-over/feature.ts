import type { HandOut } from '../assignment/index.ts';
import type { Feature } from '../feature.ts';
import type { InTransaction } from '../kernel/scope.ts';
import type { ManagePeople, staffTable } from '../people/index.ts';
import { deactivateAction } from './deactivate-action.ts';
import { createHandOver } from './hand-over-customers.ts';
import { handOverPages } from './pages.ts';

/** A leaver's customers, and what it adds to a colleague's record. */
export type HandOverFeature = Feature & { staff: Parameters<typeof staffTable>[1] };

/** Handing a leaver's customers over, to one colleague or round the rota. */
export function createHandOverDesk(parts: {
  turns: HandOut;
  people: Pick<ManagePeople, 'setActive'>;
  inTransaction: InTransaction;
}): HandOverFeature {
  const { turns, people, inTransaction } = parts;
  const { setActive } = people;
  const handOver = createHandOver(turns);
  return {
    id: 'hand-over',
    pages: handOverPages({ handOver, turns, inTransaction, setActive }),
    staff: {
      deactivate: deactivateAction({ setActive, handOver }),
      recordLinks: ({ id }) => [
        { title: '交接客户', href: `/staff/${id}/hand-over`, permission: 'customers.transfer' },
      ],
    },
  };
}
