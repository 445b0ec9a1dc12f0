// A directory as administrations have one, for test_directory.py and bench/entering.py: node directory.mjs PORT ACCOUNTS [SITE], where
// ACCOUNTS is a file with what it knows of each account, {name: {claim: value}}, read anew each time, and SITE is where the app is. Nobody
// types anything: who signs in says login_hint.

import { readFileSync } from 'node:fs'
import { Provider } from 'oidc-provider'

const [port, accounts, site = 'http://127.0.0.1:8000'] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`
const known = (name) => JSON.parse(readFileSync(accounts, 'utf8'))[name]

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'kompetenzrad',
    client_secret: 'secret-of-the-tests',
    token_endpoint_auth_method: 'client_secret_post',
    redirect_uris: [`${site}/anmelden/verwaltung/zurueck/`],
    post_logout_redirect_uris: ['http://127.0.0.1:8000/anmelden/'],
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'employee_number', 'groups', 'amr'] },
  findAccount: (_, sub) => known(sub) && { accountId: sub, claims: () => ({ sub, ...known(sub) }) },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  cookies: { keys: ['only-for-tests'] },
  jwks: undefined,
})

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next()
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res)
  if (prompt.name === 'login') {
    const result = params.login_hint ? { login: { accountId: params.login_hint } } : { error: 'access_denied' }
    return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false })
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope('openid email profile')
  return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true })
})

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
