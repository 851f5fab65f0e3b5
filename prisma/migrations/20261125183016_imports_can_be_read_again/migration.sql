-- An import's preview lets sheet, header row and columns be chosen anew, so its file is kept until it ends; it says what was
-- kept in memos, and known customers may have their empty fields filled instead of being refused.

-- AlterEnum
ALTER TYPE "ImportRowState" ADD VALUE 'filled';

-- AlterTable
ALTER TABLE "CustomerImport" ADD COLUMN     "filled" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "kept" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "plan" JSONB;

-- CreateTable
CREATE TABLE "ImportFile" (
    "importId" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "ImportFile_pkey" PRIMARY KEY ("importId")
);

-- AddForeignKey
ALTER TABLE "ImportFile" ADD CONSTRAINT "ImportFile_importId_fkey" FOREIGN KEY ("importId") REFERENCES "CustomerImport"("id") ON DELETE CASCADE ON UPDATE CASCADE;
