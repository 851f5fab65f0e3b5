/**
 * What each kind of notice carries: the typed view that templates, mails and texts are made from. Names are said in
 * full, days and times are already worded for people.
 */
export type NoticeData = {
  /** `noContactDays`: in how many days they want to be contacted. */
  assigned: { customer: string; course: string; source: string; at: string; noContactDays?: number };
  aboutToDrop: { count: number; lines: string[]; until: string };
  dropped: { customer: string; reason: string; count: number };
  /** `customer` names the newest. */
  pooled: { count: number; customer?: string };
  claimed: { customer: string; by: string };
  duplicate: { customer: string; by: string; count?: number };
  /** `course` and `source` of one customer; of several nothing they share. */
  transferred: {
    customer: string;
    from: string;
    count?: number;
    course?: string;
    source?: string;
    noContactDays?: number;
  };
  /** What a head or an administrator did to somebody's customer. */
  touched: { customer: string; by: string; what: string };
  /** `pooled`: how many came into the pool since the morning before. */
  nextContact: { count: number; lines: string[]; pooled?: number };
  importDone: { fileName: string; saved: number; filled?: number; duplicates: number; failed: number };
  /** `openid` is the phone that was released: it is told, not the one bound since. */
  bindReleased: { by: string; openid?: string };
  bookingMade: { room: string; day: string; time: string };
  /** `closed` where the room was closed instead: the booking stays, but cannot be used. */
  bookingCancelled: { room: string; day: string; time: string; by: string; closed?: true };
  bookingSoon: { room: string; day: string; time: string };
  lessonToday: { cohort: string; lesson: string; day: string };
  checkInDiffers: { cohort: string; lesson: string; day: string; names: string[] };
  /** One browser scanned several students in; one text for each browser. */
  checkInShared: { cohort: string; lesson: string; day: string; groups: string[]; count: number };
  rollCallMissing: { cohort: string; lesson: string; day: string };
  handedInLate: { student: string; cohort: string; lesson: string; day: string; score: string };
  homeworkGraded: { cohort: string; lesson: string; score: string };
  enrolmentSubmitted: { customer: string; cohort: string };
  enrolmentApproved: { customer: string; cohort: string };
  enrolmentRejected: { customer: string; cohort: string; reason: string };
  questionAnswered: { question: string };
  /** What was held for quiet hours, one line each. */
  digest: { count: number; lines: string[] };
};

export type NoticeKind = keyof NoticeData;

/** What the record behind a notice is: its link opens this. */
export type About = {
  entity:
    | 'customer'
    | 'pool'
    | 'myCustomers'
    | 'booking'
    | 'lesson'
    | 'import'
    | 'studyRecord'
    | 'rescue'
    | 'enrolment'
    | 'question';
  id?: number;
};

/**
 * One notice for one person. `once` is its idempotency key: the same cause never makes a second one. It becomes a row
 * in the transaction that causes it and leaves the process after the commit.
 */
export type Notice<K extends NoticeKind = NoticeKind> = {
  [Kind in K]: { kind: Kind; to: number; data: NoticeData[Kind]; once: string; about?: About; dueAt?: Date };
}[K];

/** The kinds an Official Account template can be mapped to (`WECHAT_TEMPLATES`). */
export const TEMPLATE_KINDS = [
  'assigned',
  'aboutToDrop',
  'dropped',
  'claimed',
  'duplicate',
  'bookingMade',
  'bookingCancelled',
  'bookingSoon',
  'lessonToday',
  'homeworkGraded',
  'enrolmentSubmitted',
  'enrolmentApproved',
  'enrolmentRejected',
  'questionAnswered',
] as const satisfies readonly NoticeKind[];

/** Kinds that schools may map already and that nothing tells yet: what is given for them is no mistake. */
export const LATER_TEMPLATE_KINDS: readonly string[] = ['task', 'report', 'brief', 'survey', 'account'];

/** These are sent at once: never held for quiet hours, never merged. */
export const URGENT_KINDS: ReadonlySet<NoticeKind> = new Set([
  'assigned',
  'duplicate',
  'bookingSoon',
  'bookingCancelled',
  'lessonToday',
  // Held, it would be merged into what goes to the person's new phone.
  'bindReleased',
]);
