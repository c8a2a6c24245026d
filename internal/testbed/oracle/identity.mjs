// An identity provider for tests: everybody is who they say they are and allows
// what is asked for. PORT says where it listens, REDIRECT where it may send
// people back to. Under /test/revoke?account=... it forgets what somebody allowed.
import { createServer } from 'node:http';
import Provider, { errors } from 'oidc-provider';

const { PORT, REDIRECT } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const grants = new Map();

const provider = new Provider(issuer, {
  clients: [
    { client_id: 'desk', client_secret: 'desk-secret', redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'mailserver', client_secret: 'mail-secret', redirect_uris: [], grant_types: [], response_types: [] },
  ],
  scopes: ['openid', 'offline_access', 'mail'],
  pkce: { required: () => true },
  features: { introspection: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: false } },
  rotateRefreshToken: true,
  issueRefreshToken: (_ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  ttl: { AccessToken: 3600, RefreshToken: 86400 * 30, Grant: 86400 * 30, Session: 3600, Interaction: 600, IdToken: 600 },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ['only for tests'] },
});

async function interact(req, res) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(req, res);
  if (params.login_hint === 'nobody@desk.test') {
    return provider.interactionFinished(req, res, { error: 'access_denied' }, { mergeWithLastSubmission: false });
  }
  if (prompt.name === 'login') {
    return provider.interactionFinished(req, res, { login: { accountId: params.login_hint } }, { mergeWithLastSubmission: false });
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const id = await grant.save();
  grants.set(session.accountId, [...(grants.get(session.accountId) ?? []), id]);
  return provider.interactionFinished(req, res, { consent: { grantId: id } }, { mergeWithLastSubmission: true });
}

async function revoke(account) {
  for (const id of grants.get(account) ?? []) {
    const grant = await provider.Grant.find(id);
    if (grant) await grant.destroy();
    await provider.AccessToken.revokeByGrantId(id);
    await provider.RefreshToken.revokeByGrantId(id);
  }
}

const handle = provider.callback();
createServer((req, res) => {
  const url = new URL(req.url, issuer);
  const fail = (error) => {
    res.statusCode = error instanceof errors.OIDCProviderError ? 400 : 500;
    res.end(String(error));
  };
  if (url.pathname.startsWith('/interaction/')) {
    interact(req, res).catch(fail);
  } else if (url.pathname === '/test/revoke') {
    revoke(url.searchParams.get('account')).then(() => res.end('done'), fail);
  } else {
    handle(req, res);
  }
}).listen(Number(PORT), '127.0.0.1');
