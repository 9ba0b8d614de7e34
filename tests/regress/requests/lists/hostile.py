"""Lists in other encodings, and some that are too large."""
head = "Request ID,Description,Control\n"
open("latin.csv", "wb").write((head + "R-1,Zweiter Faktor f\u00fcr alle,AC-1\n").encode("windows-1252"))
open("utf16.csv", "wb").write((head + "R-1,Zweiter Faktor f\u00fcr alle,AC-1\n").encode("utf-16"))
open("zero.csv", "wb").write((head + "R-1,Second\0factors,AC-1\n").encode())
open("huge-cell.csv", "w").write(head + "R-1," + 40000 * "x" + ",AC-1\n")
open("many.csv", "w").write(head + "".join(f"R-{i},Again,AC-1\n" for i in range(10002)))
with open("million.csv", "w") as out:
    out.write(head)
    for i in range(1000000):
        out.write(f"R-{i},Again,AC-1\n")
