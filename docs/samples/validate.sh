#!/bin/sh
# Asks whether a session may be trusted. Prints the user's id and ends with 0, or ends with 1 (not to be trusted) or
# 2 (nothing was decided: treat it as not trusted, and try again).
#   DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret sh validate.sh SESSION_ID CLIENT_IP
set -u
body=$(mktemp) && headers=$(mktemp) || exit 2
trap 'rm -f "$body" "$headers"' EXIT
# Secrets go through files: the arguments of a process can be read by others.
printf 'X-Bridge-Secret: %s\nX-Session-ID: %s\n' "$(cat "$BRIDGE_SECRET_FILE")" "$1" >"$headers"
status=$(curl --silent --max-time 5 --output "$body" --write-out '%{http_code}' \
  --header 'Content-Type: application/json' --header "@$headers" \
  --data "{\"ip\":\"$2\",\"method\":\"GET\",\"path\":\"/orders\"}" \
  "$DRAWBRIDGE_URL/auth/bridge/validate") || exit 2
case $status in
  200) sed -n 's/.*"user":{"id":"\([^"]*\)".*/\1/p' "$body" ;;
  401) sed -n 's/.*"code":"\([A-Z_]*\)".*/\1/p' "$body" >&2; exit 1 ;;
  *) echo "not decided: HTTP $status" >&2; exit 2 ;;
esac
