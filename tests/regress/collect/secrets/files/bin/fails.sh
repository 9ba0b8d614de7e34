#!/bin/sh
printf "GET /users?token=%s&setting=%s\n" "$API_TOKEN" "$PLAIN_SETTING" >&2
exit 22
