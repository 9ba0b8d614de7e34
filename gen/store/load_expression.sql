-- An expression over its inputs. It begins on the first line, so that lines match; inputs each have a comma before them.
-- name: expression
SELECT ({expression}) FROM (SELECT NULL{inputs})

-- name: expression_input
, :{parameter} AS "{input}"
