#!/bin/sh
mkdir -p inputs/evidence/directory
echo first > "inputs/evidence/directory/accounts-$TICKMARK_DATE.csv"
echo login,active,last_login
echo ann,true,
