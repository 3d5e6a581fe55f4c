// A real, certified OpenID provider with fictive people, for tests and the demo.
// Reads one JSON object from a file, or from standard input: {port, clientId, jwk, callback, afterLogout, backChannel, people}.
// A person is {login, staff, groups}; any password will do. Prints "ready" when it listens.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const read = async () => {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
};
const { port, clientId, jwk, callback, afterLogout, backChannel, people } = JSON.parse(process.argv[2] ? readFileSync(process.argv[2]) : await read());
const issuer = `http://127.0.0.1:${port}`;
const LEVELS = ['loa2', 'loa3']; // `weak` logs in below both

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signing = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'fictive' };

const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    redirect_uris: [callback],
    post_logout_redirect_uris: [afterLogout],
    backchannel_logout_uri: backChannel,
    backchannel_logout_session_required: true,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    id_token_signed_response_alg: 'ES256',
    jwks: { keys: [{ ...jwk, use: 'sig', alg: 'ES256' }] },
    default_acr_values: ['loa2'],
  }],
  jwks: { keys: [signing] },
  cookies: { keys: ['fictive'] },
  claims: { openid: ['sub', 'dat_staff', 'groups'], acr: null, auth_time: null, sid: null },
  conformIdTokenClaims: false,
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
  acrValues: LEVELS,
  // The hub listens on this machine, which the provider's own guard would not call.
  fetch: (url, { dispatcher: _guarded, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => { ctx.body = `<!DOCTYPE html><html lang="nl"><title>Uitloggen</title>${form}<button form="op.logoutForm" name="logout" value="yes">Ja</button></html>`; },
    },
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 300, IdToken: 300, Session: 36000, Interaction: 600, Grant: 36000, AuthorizationCode: 60 },
  async findAccount(_ctx, id) {
    const person = people.find((one) => one.login === id);
    return person && { accountId: id, claims: () => ({ sub: id, dat_staff: person.staff, groups: person.groups }) };
  },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

// One page: who are you? The level of assurance is what was asked for, at least the lowest.
provider.use(async (ctx, next) => {
  const found = /^\/interaction\/([\w-]+)$/.exec(ctx.path);
  if (!found) return next();
  if (ctx.method === 'POST') {
    const parts = [];
    for await (const part of ctx.req) parts.push(part);
    const login = new URLSearchParams(Buffer.concat(parts).toString()).get('login');
    const { params } = await provider.interactionDetails(ctx.req, ctx.res);
    const asked = (params.acr_values ?? '').split(' ').filter((level) => LEVELS.includes(level));
    const acr = login === 'weak' ? 'loa1' : asked[0] ?? LEVELS[0];
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: login, acr, amr: ['pwd'] } }, { mergeWithLastSubmission: false });
    ctx.respond = false;
    return undefined;
  }
  ctx.type = 'html';
  ctx.body = `<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Inloggen bij Waterstad</title></head>
<body><main><h1>Inloggen bij Waterstad</h1><form method="post"><label>Naam <select name="login">${
    people.map((one) => `<option value="${one.login}">${one.login} (${one.groups.join(', ')})</option>`).join('')
  }</select></label> <button>Inloggen</button></form></main></body></html>`;
  return undefined;
});

provider.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
