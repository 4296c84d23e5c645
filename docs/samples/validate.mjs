// Asks whether a session may be trusted. Prints the user's id and ends with 0, or ends with 1 (not to be trusted) or
// 2 (nothing was decided: treat it as not trusted, and try again). Node 18 or later, nothing else.
//   DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret node validate.mjs SESSION_ID CLIENT_IP
import { readFileSync } from 'node:fs';

const secret = readFileSync(process.env.BRIDGE_SECRET_FILE, 'utf8').trim();

async function validate(sessionId, request) {
  const answer = await fetch(new URL('/auth/bridge/validate', process.env.DRAWBRIDGE_URL), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Bridge-Secret': secret },
    body: JSON.stringify({ session_id: sessionId, ...request }),
    redirect: 'error',
    signal: AbortSignal.timeout(5000),
  });
  const body = await answer.json();
  if (answer.status === 200 && body.valid === true) return body;
  if (answer.status === 401) return null;
  throw new Error(`not decided: HTTP ${answer.status} ${body.code}`);
}

try {
  const [sessionId, ip] = process.argv.slice(2);
  const trusted = await validate(sessionId, { ip, method: 'GET', path: '/orders' });
  if (trusted) console.log(trusted.user.id);
  process.exitCode = trusted ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
