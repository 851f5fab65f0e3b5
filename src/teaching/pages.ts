import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Page } from '../web/define-page.ts';
import { attendancePages } from './pages/attendance.ts';
import { chartPages } from './pages/charts.ts';
import { checkInPages, type EnterByWechat } from './pages/check-in.ts';
import { learningPages } from './pages/learning.ts';
import { portalPages } from './pages/portal.ts';
import { scorePages } from './pages/scores.ts';

/** Every page of teaching; `enterByWechat` lets students who scan a code in by their WeChat. */
export function teachingPages(parts: {
  prisma: Pick<PrismaClient, 'storedFile'>;
  /** What the code on the screen begins with. */
  baseUrl: () => string;
  enterByWechat?: EnterByWechat;
}): readonly Page[] {
  return [
    ...attendancePages,
    ...scorePages(parts),
    ...checkInPages(parts),
    ...chartPages,
    ...learningPages,
    ...portalPages,
  ];
}
