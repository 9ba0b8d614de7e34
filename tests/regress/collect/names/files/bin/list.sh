#!/bin/sh
# Accounts of the directory, as its kind wants them.
echo login,active,last_login
echo "ann,true,${1}T00:00:00Z"
echo "bob,false,"
