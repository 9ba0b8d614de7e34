#!/bin/sh
echo $$ >> pids
sleep 60 &
echo $! >> pids
wait
