# Turns a .sql file of named statements into C string constants: "-- name: x" begins sql_x.
function finish() { if (name != "") print "    ;" }
BEGIN { print "/* Made from a .sql file by the build. */" }
/^-- name: / {
    finish()
    name = $3
    printf "static const char sql_%s[] =\n", name
    next
}
name != "" && !/^--/ {
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}
END {
    if (name == "") { print "no \"-- name:\" in " FILENAME > "/dev/stderr"; exit 1 }
    finish()
}
