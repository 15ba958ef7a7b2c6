// Follows one subscription with the reference client of the protocol: node follow.mjs URL TOKEN COUNT < {"query", "variables"}
// Prints the first COUNT results, or all of them where the subscription ends before, and whether it ended.
import { readFileSync } from "node:fs";
import { createClient } from "graphql-sse";

const [url, token, count] = process.argv.slice(2);
const operation = JSON.parse(readFileSync(0, "utf8"));
const client = createClient({ url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 });
const results = [];
let ended = true;
for await (const result of client.iterate(operation)) {
  results.push(result);
  if (results.length === Number(count)) {
    ended = false;
    break;
  }
}
console.log(JSON.stringify({ results, ended }));
client.dispose();
