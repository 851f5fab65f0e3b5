import type { About } from '../kernel/notice.ts';
import { dayFromDb } from '../kernel/school-time.ts';
import type { Tx } from '../kernel/scope.ts';

type Path = (tx: Tx, id: number | undefined) => Promise<string> | string;

const record = (list: string, id: number | undefined) => (id ? `${list}/${id}` : list);

/** Where each thing a notice is about lies in the web view. */
const PATHS: Readonly<Record<About['entity'], Path>> = {
  customer: (_, id) => record('/customers', id),
  pool: (_, id) => record('/pool', id),
  myCustomers: () => '/my-customers',
  rescue: () => '/my-customers/about-to-drop',
  import: (_, id) => (id ? `/customers/import/${id}` : '/customers/import'),
  lesson: (_, id) => (id ? `/lessons/${id}/attendance` : '/lessons'),
  // Sent to the student whose homework it is; staff who open it are led to the record.
  studyRecord: (_, id) => (id ? `/portal/records/${id}` : '/portal'),
  enrolment: (_, id) => record('/enrolments', id),
  question: (_, id) => record('/questions', id),
  // A booking that is gone since leaves the grid of today.
  booking: async (tx, id) => {
    const booking = id ? await tx.booking.findUnique({ where: { id }, select: { date: true } }) : null;
    return booking ? `/rooms/grid?date=${dayFromDb(booking.date)}` : '/rooms/grid';
  },
};

/** The path of a record of ours. */
export async function pathOf(tx: Tx, { entity, id }: About): Promise<string> {
  return PATHS[entity](tx, id);
}
