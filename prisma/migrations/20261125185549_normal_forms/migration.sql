-- Names, phones and other short texts have one normal form from this version on. Rows stored before are brought to it once by the
-- service itself (src/upgrade), which marks it done in Upgrade; where two would collide both stay and are listed in FormClash.

-- CreateTable
CREATE TABLE "Upgrade" (
    "id" TEXT NOT NULL,
    "doneAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Upgrade_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FormClash" (
    "id" SERIAL NOT NULL,
    "entity" TEXT NOT NULL,
    "recordId" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "stored" TEXT NOT NULL,
    "wanted" TEXT NOT NULL,
    "foundAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FormClash_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "FormClash_entity_recordId_field_key" ON "FormClash"("entity", "recordId", "field");
