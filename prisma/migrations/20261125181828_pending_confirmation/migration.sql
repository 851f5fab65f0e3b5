-- Why: what cannot be undone asks for 确认 first; what waits for it is a row, so that it survives a restart and any node
-- answers. Conversations' own rows (lists, undo codes, this) are not audited.

-- CreateTable
CREATE TABLE "PendingConfirmation" (
    "personId" INTEGER NOT NULL,
    "command" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PendingConfirmation_pkey" PRIMARY KEY ("personId")
);

-- AddForeignKey
ALTER TABLE "PendingConfirmation" ADD CONSTRAINT "PendingConfirmation_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
