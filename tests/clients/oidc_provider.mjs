// A certified OpenID provider: its address is printed when it takes requests. Arguments: client, secret, address to come back to,
// and the one to come back to when signed out.
import Provider from "oidc-provider";

const [client_id, client_secret, redirect_uri, signed_out] = process.argv.slice(2);
const staff = (preferred_username, given_name, family_name, more) => ({ preferred_username, given_name, family_name, ...more });
const people = {
  citizen: { given_name: "AYŞE GÜL", family_name: "IŞIK", tckn: "10000000146" },
  nameless: {},
  "8c1f": staff("irmak.isik", "İrmak", "IŞIK", { groups: ["/belediye/Fen İşleri"] }),
  "77aa": staff("irmak.isik", "İrmak", "IŞIK", { groups: ["/belediye/Fen İşleri"], amr: ["pwd", "otp"] }),
  "f00d": staff("yemekhane", "Ali", "Can", { groups: ["/belediye/Yemekhane"] }),
  "bad1": staff("ozelkalem.memur", "Zeynep", "Arslan", { email: "sekreter@belediye.example", groups: ["/belediye/Fen İşleri"] }),
};
process.stdin.on("end", () => process.exit()).resume(); // ends with the test that started it
const server = (await import("node:http")).createServer((request, response) => answer(request, response));
let answer;
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect_uri], post_logout_redirect_uris: signed_out ? [signed_out] : [] }],
    claims: { openid: ["sub", "amr"], profile: ["given_name", "family_name", "tckn", "preferred_username", "groups"], email: ["email"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    pkce: { required: () => true },
    cookies: { keys: ["only of this trial"] },
  });
  answer = provider.callback();
  console.log(issuer);
});
