"""Asks whether a session may be trusted. Prints the user's id and ends with 0, or ends with 1 (not to be trusted) or
2 (nothing was decided: treat it as not trusted, and try again). Python 3.8 or later, nothing else.

    DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret python3 validate.py SESSION_ID CLIENT_IP
"""
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request

SECRET = pathlib.Path(os.environ["BRIDGE_SECRET_FILE"]).read_text().strip()


def validate(session_id, **request):
    """The answer when the session is trusted, None when it is not; raises OSError when nothing was decided."""
    asked = urllib.request.Request(
        os.environ["DRAWBRIDGE_URL"] + "/auth/bridge/validate",
        data=json.dumps({"session_id": session_id, **request}).encode(),
        headers={"Content-Type": "application/json", "X-Bridge-Secret": SECRET},
    )
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            body = json.load(answer)
            return body if answer.status == 200 and body.get("valid") is True else None
    except urllib.error.HTTPError as refused:
        if refused.code == 401:
            return None
        raise


if __name__ == "__main__":
    try:
        trusted = validate(sys.argv[1], ip=sys.argv[2], method="GET", path="/orders")
    except (OSError, ValueError) as error:
        print(f"not decided: {error}", file=sys.stderr)
        sys.exit(2)
    if trusted is None:
        sys.exit(1)
    print(trusted["user"]["id"])
