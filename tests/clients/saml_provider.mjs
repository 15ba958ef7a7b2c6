// A provider of SAML 2.0 (Auth0's middleware): its address is printed when it takes requests. Arguments: a folder with key.pem, cert.pem
// and ours.pem (our certificate), our name, our addresses for answers and for signing out. It has one browser.
import { readFileSync } from "node:fs";
import express from "express";
import samlp from "samlp";

const [folder, us, back, out] = process.argv.slice(2);
const [key, cert, ours] = ["key.pem", "cert.pem", "ours.pem"].map((name) => readFileSync(`${folder}/${name}`, "utf8"));
const person = (uid, givenName, sn, groups, more) => ({ uid, givenName, sn, groups, ...more });
const people = {
  "8c1f": person("irmak.isik", "İrmak", "IŞIK", ["/belediye/Fen İşleri", "/belediye/Herkes"]),
  "f00d": person("yemekhane", "Ali", "Can", ["/belediye/Yemekhane"]),
};
const PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const session = {};
const participants = [];
process.stdin.on("end", () => process.exit()).resume(); // ends with the test that started it

class Mapper {
  constructor(who) { this.who = who; }
  getClaims() { return people[this.who]; }
  getNameIdentifier() { return { nameIdentifier: this.who, nameIdentifierFormat: PERSISTENT }; }
}
Mapper.prototype.metadata = [];

const app = express();
const server = app.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const common = { issuer, key, cert, deflate: true, signatureAlgorithm: "rsa-sha256", digestAlgorithm: "sha256" };
  app.use((request, _response, next) => { request.session = session; next(); }, express.urlencoded({ extended: false }));
  app.get("/metadata", samlp.metadata({
    issuer, cert, profileMapper: Mapper, redirectEndpointPath: "/sso", postEndpointPath: "/sso", logoutEndpointPaths: { redirect: "/slo" },
  }));
  app.get("/sso", (_request, response) => response.send(
    '<!doctype html><html lang="tr"><meta name="viewport" content="width=device-width"><title>Kimlik</title><form method="post">' +
      '<label>Kim <input name="login"></label><button>Giriş</button></form></html>',
  ));
  app.post("/sso", (request, response, next) => {
    request.user = request.body.login;
    const sessionIndex = `_${participants.length}${Date.now()}`;
    participants.push({
      serviceProviderId: us, nameId: request.user, nameIdFormat: PERSISTENT, sessionIndex,
      serviceProviderLogoutURL: out, cert: ours, binding: REDIRECT,
    });
    request.method = "GET"; // the question lies in the address, where its signature is looked for
    samlp.auth({
      ...common, profileMapper: (who) => new Mapper(who), getPostURL: (_audience, _dom, _request, done) => done(null, back),
      destination: back, recipient: back, signingCert: ours, sessionIndex, lifetimeInSeconds: 300, typedAttributes: true,
    })(request, response, next);
  });
  const signOut = (request, response, next) => {
    request.body ??= {};
    samlp.logout({ ...common, protocolBinding: REDIRECT, sessionParticipants: new Sessions() })(request, response, next);
  };
  app.get("/slo", signOut);
  app.get("/everywhere", signOut); // whoever works there signs out of all that they signed on to
  app.use((error, _request, response, _next) => response.status(400).send(String(error)));
  console.log(issuer);
});

class Sessions {
  get(_issuer, indices, nameId, done) { done(null, participants.find((one) => indices.includes(one.sessionIndex) && one.nameId === nameId)); }
  hasElements() { return participants.length > 0; }
  getFirst(done) { done(null, participants[0]); }
  remove(_issuer, index, _nameId, done) {
    const place = participants.findIndex((one) => one.sessionIndex === index);
    done(null, place < 0 ? null : participants.splice(place, 1)[0]);
  }
}
