#!/bin/sh
echo login,active,last_login
sleep 60 &
echo $! >> pids
