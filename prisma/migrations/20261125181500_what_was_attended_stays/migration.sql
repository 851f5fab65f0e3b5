-- What was attended stays. A join is a stay of its own (leaving and joining again overwrote the first), a taught lesson
-- is made void instead of deleted and gives its number back, lessons and records know whether somebody marked them, a hand-in has
-- several files (a second photo took the place of the first), and a scan keeps a mark of its browser (one phone scanned
-- three students in).

-- Stays: at most one of a student and cohort has no last day.
DROP INDEX "CohortStudent_cohortId_studentId_key";
ALTER TABLE "CohortStudent" ADD COLUMN "createdAt" TIMESTAMPTZ(3);
-- CreateIndex
CREATE INDEX "CohortStudent_cohortId_studentId_idx" ON "CohortStudent"("cohortId", "studentId");
CREATE UNIQUE INDEX "CohortStudent_open_key" ON "CohortStudent"("cohortId", "studentId") WHERE "leftOn" IS NULL;
ALTER TABLE "CohortStudent" ADD CONSTRAINT "CohortStudent_days_check" CHECK ("leftOn" >= "joinedOn");

-- Void lessons: only those that count have a number of their own.
DROP INDEX "Lesson_cohortId_number_key";
ALTER TABLE "Lesson" ADD COLUMN "voidedAt" TIMESTAMPTZ(3), ADD COLUMN "voidReason" TEXT;
-- CreateIndex
CREATE INDEX "Lesson_cohortId_number_idx" ON "Lesson"("cohortId", "number");
CREATE UNIQUE INDEX "Lesson_number_key" ON "Lesson"("cohortId", "number") WHERE "voidedAt" IS NULL;
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_void_check" CHECK (("voidedAt" IS NULL) = ("voidReason" IS NULL));

-- Files belong to their record, and go with it.
ALTER TABLE "StoredFile" ADD COLUMN "recordId" INTEGER;
UPDATE "StoredFile" f SET "recordId" = r.id FROM "StudyRecord" r WHERE r."homeworkFileId" = f.id;
-- CreateIndex
CREATE INDEX "StoredFile_recordId_idx" ON "StoredFile"("recordId");
ALTER TABLE "StudyRecord" DROP CONSTRAINT "StudyRecord_homeworkFileId_fkey";
DROP INDEX "StudyRecord_homeworkFileId_key";
ALTER TABLE "StudyRecord" DROP COLUMN "homeworkFileId", ADD COLUMN "markedAt" TIMESTAMPTZ(3);
ALTER TABLE "StoredFile" ADD CONSTRAINT "StoredFile_recordId_fkey" FOREIGN KEY ("recordId") REFERENCES "StudyRecord"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Rolls opened before count as called: nobody is reminded of them. This is no change of anybody's, so nothing is audited.
ALTER TABLE "Lesson" ADD COLUMN "calledAt" TIMESTAMPTZ(3);
ALTER TABLE "Lesson" DISABLE TRIGGER USER;
UPDATE "Lesson" SET "calledAt" = "openedAt" WHERE "openedAt" IS NOT NULL;
ALTER TABLE "Lesson" ENABLE TRIGGER USER;

ALTER TABLE "CheckIn" ADD COLUMN "device" TEXT, ADD COLUMN "browser" TEXT;

-- That a record was marked is told by what changed in it; the moment of the first mark is no change of its own, of the
-- record or its lesson.
CREATE OR REPLACE FUNCTION xiaoxin_audit_changes(was jsonb, image jsonb, hidden text[], OUT before jsonb, OUT after jsonb) LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND b.value <> 'null' THEN '"***"'::jsonb ELSE b.value END),
         jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND image -> b.key <> 'null' THEN '"***"'::jsonb ELSE image -> b.key END)
  FROM jsonb_each(was) b
  WHERE b.value IS DISTINCT FROM image -> b.key AND b.key NOT IN ('updatedAt', 'version', 'markedAt', 'calledAt')
$$;
