// PostGraphile 5 over the product's database, a process a worker. WAY says how it is written:
//   usual: a signed token names the person; the policies look their departments up (peer.sql)
//   tuned: the signed token carries the departments; the product's own policies compare with an array that is read once
// What the role that connects may read is what is in the schema; the tuned way takes the product's roles to read it.
// Both are spared the look-up of a token that can be revoked, and the read log.
import cluster from "node:cluster";
import { createServer } from "node:http";
import jwt from "jsonwebtoken";
import pg from "pg";
import { entityPermissions } from "pg-introspection";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { WAY, WORKERS, PORT, JWT_SECRET, PGHOST, PGUSER, PGPASSWORD, PGDATABASE } = process.env;

if (cluster.isPrimary && Number(WORKERS) > 1) {
  for (let each = 0; each < Number(WORKERS); each++) cluster.fork();
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
} else {
  const pool = new pg.Pool({
    host: PGHOST,
    user: PGUSER,
    password: PGPASSWORD,
    database: PGDATABASE,
    max: 16,
  });
  const settings = {
    usual: ({ user }) => ({ "peer.user_id": String(user) }),
    tuned: ({ user, departments, contacts, shared, office }) => ({
      // The seal, in the words of permissions/sql/identity.sql; before the role, which may not set it.
      backtrace_functions: [office ? "office" : "viewer", user, departments, contacts, [], "off", shared, [], [], []].join(" "),
      role: office ? "ozelkalem_office" : "ozelkalem_app",
    }),
  }[WAY];
  // A table that the role may not read is left out, types and all: one whose names collide would take others with it.
  const readableTables = {
    name: "ReadableTables",
    gather: {
      hooks: {
        pgIntrospection_introspection(_info, { introspection }) {
          const me = introspection.getCurrentUser();
          for (const table of introspection.classes)
            if (!entityPermissions(introspection, table, me).select) table.relkind = "none";
        },
      },
    },
  };
  const preset = {
    extends: [PostGraphileAmberPreset],
    plugins: [readableTables],
    // What does not fit into the schema is an error of every answer; else it would be left out, and nobody told.
    schema: { dontSwallowErrors: true },
    // It would hide orders and conditions that only an index of several columns serves.
    disablePlugins: ["PgIndexBehaviorsPlugin"],
    pgServices: [makePgService({ pool, schemas: ["public", "peer"] })],
    grafast: {
      explain: false,
      context: (request) => {
        const header = request.node?.req.headers.authorization ?? "";
        const claims = jwt.verify(header.replace(/^Bearer /, ""), JWT_SECRET, { algorithms: ["HS256"] });
        return { pgSettings: settings(claims) };
      },
    },
    grafserv: { port: Number(PORT), graphiql: false, graphqlOverGET: false, graphqlPath: "/graphql" },
  };
  const server = createServer();
  const serv = postgraphile(preset).createServ(grafserv);
  await serv.addTo(server);
  await serv.ready?.();
  server.keepAliveTimeout = 60_000;
  server.listen(Number(PORT), "127.0.0.1");
}
