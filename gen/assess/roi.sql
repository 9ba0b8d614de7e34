-- Exports that automated requirements counted as met, each once however many controls asked for it; and how often they did.
-- name: roi_measured
SELECT count(DISTINCT o.evidence), count(*)
  FROM occurrence o JOIN tm_requirement q ON q.id = o.requirement
 WHERE q.automated = 1 AND o.status = 'met' AND o.evidence IS NOT NULL

-- name: roi_add_input
INSERT INTO tm_roi_input (id, title, text, unit, low, mid, high, printed, origin, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)

-- name: roi_add_figure
INSERT INTO tm_roi (
    id, title, formula, unit, low, mid, high, low_printed, mid_printed, high_printed, paired_low, paired_high,
    paired_printed, claim, claim_printed, claim_note, note, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)

-- name: roi_add_sensitivity
INSERT INTO tm_roi_sensitivity (
    position, input, title, low_printed, high_printed, at_low, at_high, effect, at_low_printed, at_high_printed,
    effect_printed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
