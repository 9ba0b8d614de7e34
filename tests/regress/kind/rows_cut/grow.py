"""Makes an export of 1001 records, one more than are printed."""
with open("accounts.csv", "w", encoding="utf-8") as export:
    export.write("login,active,last_login\n")
    export.writelines(f"user{number:04}@example.com,true,\n" for number in range(1001))
