#!/bin/sh
echo login,active,last_login
echo "ann,true,"
echo "$API_TOKEN,true,"
