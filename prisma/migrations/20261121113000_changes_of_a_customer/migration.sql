-- A customer's page tells of courses taken off it and of notes taken back: their rows are gone, so their changes are
-- found by the customer they name. Few rows end so; the index holds only those.

CREATE INDEX "AuditEntry_taken_from_customer_idx" ON "AuditEntry" (((before ->> 'customerId')::int))
  WHERE action = 'delete' AND entity IN ('CustomerCourse', 'FollowUp');
