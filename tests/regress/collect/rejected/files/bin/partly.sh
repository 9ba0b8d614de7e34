#!/bin/sh
echo login,active,last_login
echo ann,perhaps,
echo bob,true,
