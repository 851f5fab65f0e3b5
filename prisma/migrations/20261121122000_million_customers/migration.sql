-- Indexes as measured with a million customers and two million assignments (npm run bench -- million).

-- The sweep takes consultant by consultant: each one's due customers are a range here. The two it went by before made
-- each batch read again all whom earlier batches had left, and cost every import and claim an entry more.
CREATE INDEX "Customer_due_idx" ON "Customer"("consultantId", "lastContactedOn", "receivedOn")
  WHERE "consultantId" IS NOT NULL AND status = 'notEnrolled';
DROP INDEX "Customer_no_contact_idx";
DROP INDEX "Customer_no_deal_idx";

-- Whom to contact today is asked for everybody at once, by the morning's reminder and by heads of sales, and is sorted by.
DROP INDEX "Customer_consultantId_nextContactOn_idx";
CREATE INDEX "Customer_nextContactOn_id_idx" ON "Customer"("nextContactOn", id);

-- 上一位顾问 and 录入 as filters, and the list by day of entry; new customers go to its end.
CREATE INDEX "Customer_lastConsultant_idx" ON "Customer"("lastConsultantId", id) WHERE "lastConsultantId" IS NOT NULL;
CREATE INDEX "Customer_enteredOn_idx" ON "Customer"("enteredOn", id);

-- Sorts by name; finds beginnings too where the collation is C, elsewhere the trigrams do.
CREATE INDEX "Customer_name_idx" ON "Customer"(name, id);
DROP INDEX "Customer_name_prefix_idx";

-- What ended on a day, for the count that tells the pool's consultants, and the list by end.
CREATE INDEX "Assignment_endedOn_idx" ON "Assignment"("endedOn", id);

-- The list of notifications by day.
CREATE INDEX "Notification_createdAt_idx" ON "Notification"("createdAt", id);
