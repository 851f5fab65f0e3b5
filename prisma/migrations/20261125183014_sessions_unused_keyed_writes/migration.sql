-- A session ends when it lies unused (a day, a week with 一周内免登录) instead of at a fixed time; those begun before keep
-- theirs. A write sent with an Idempotency-Key is done once: its answer is kept, sealed, for a day.

-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "idleSeconds" INTEGER;

-- CreateTable
CREATE TABLE "KeyedWrite" (
    "personId" INTEGER NOT NULL,
    "route" TEXT NOT NULL,
    "key" VARCHAR(128) NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" TEXT NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,
    "written" BOOLEAN NOT NULL DEFAULT false,
    "answer" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "KeyedWrite_pkey" PRIMARY KEY ("personId","route","key")
);

-- CreateIndex
CREATE INDEX "KeyedWrite_createdAt_idx" ON "KeyedWrite"("createdAt");

-- AddForeignKey
ALTER TABLE "KeyedWrite" ADD CONSTRAINT "KeyedWrite_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
