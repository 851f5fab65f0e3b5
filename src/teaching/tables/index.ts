import type { ManagePeople } from '../../people/index.ts';
import type { Table } from '../../web/define-table.ts';
import { lessonsTable, studyRecordsTable } from './lessons.ts';
import { campusesTable, cohortsTable, coursesTable } from './school.ts';
import { studentsTable } from './students.ts';

/** Every table of teaching. */
export function teachingTables({ people }: { people: ManagePeople }): readonly Table[] {
  return [campusesTable, coursesTable, cohortsTable, lessonsTable, studyRecordsTable, studentsTable(people)];
}
