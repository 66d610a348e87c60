// A second OpenID provider, of the kind that a ministry runs: node provider.mjs PACKAGES PORT KEYS
// KEYS is a file with a JWK set: the first key signs, all are published. What somebody types as a name is the `sub`.
import { readFileSync } from 'node:fs';

const [packages, port, keys] = process.argv.slice(2);
const { default: Provider } = await import(`${packages}/node_modules/oidc-provider/lib/index.js`);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: JSON.parse(readFileSync(keys, 'utf8')),
  cookies: { keys: ['only for tests'] },
  clients: [{
    client_id: 'portal', application_type: 'native', token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/signed-in'],
  }],
  features: {
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: '', audience: resource.slice('urn:'.length), accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
provider.listen(Number(port), '127.0.0.1');
