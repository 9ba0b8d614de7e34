#!/bin/sh
echo login,active,last_login
exec sleep 60
