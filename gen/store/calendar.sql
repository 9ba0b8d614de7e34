-- The days of the period.
-- name: insert_day
INSERT INTO calendar (day, date, weekday, business_day, week, month, quarter) VALUES (?, ?, ?, ?, ?, ?, ?)
