import { dropNotices } from './before-it-drops/notices.ts';
import { importNotices } from './customer-import/notices.ts';
import { customerNotices } from './customers/notices.ts';
import { enrolmentNotices } from './enrolment/notices.ts';
import { createCatalogue } from './notices/catalogue.ts';
import { outboxNotices } from './notify/notices.ts';
import { peopleNotices } from './people/notices.ts';
import { roomNotices } from './rooms/notices.ts';
import { teachingNotices } from './teaching/notices.ts';

/**
 * What the features tell people and what their links open, in the order of the mapping page. Apart from wire.ts, because
 * declarations need no parts: the environment's check, links and outbox go by them before any feature is made.
 */
export const noticeCatalogue = createCatalogue(
  customerNotices,
  dropNotices,
  importNotices,
  roomNotices,
  teachingNotices,
  enrolmentNotices,
  peopleNotices,
  outboxNotices,
);
