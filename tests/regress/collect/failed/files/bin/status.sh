#!/bin/sh
echo login,active,last_login
echo ann,true,2025-10-01T00:00:00Z
echo "page 2: 503 Service Unavailable" >&2
echo "giving up" >&2
exit 3
