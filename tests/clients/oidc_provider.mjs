// A certified OpenID provider: its address is printed when it takes requests. Arguments: client, secret, address to come back to.
import Provider from "oidc-provider";

const [client_id, client_secret, redirect_uri] = process.argv.slice(2);
const citizens = {
  citizen: { given_name: "AYŞE GÜL", family_name: "IŞIK", tckn: "10000000146" },
  nameless: {},
};
process.stdin.on("end", () => process.exit()).resume(); // ends with the test that started it
const server = (await import("node:http")).createServer((request, response) => answer(request, response));
let answer;
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect_uri] }],
    claims: { openid: ["sub"], profile: ["given_name", "family_name", "tckn"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...citizens[id] }) }),
    pkce: { required: () => true },
    cookies: { keys: ["only of this trial"] },
  });
  answer = provider.callback();
  console.log(issuer);
});
