// Asks one operation with a client that people use: node ask.mjs CLIENT URL TOKEN < {"query", "variables"}
// Prints {"data"} or {"errors": [codes]}, whichever the client gave to its program.
import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError } from "@apollo/client/core";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { parse } from "graphql";
import { ClientError, GraphQLClient } from "graphql-request";

const [name, url, token] = process.argv.slice(2);
const { query, variables } = JSON.parse(readFileSync(0, "utf8"));
const headers = token ? { authorization: `Bearer ${token}` } : {};
const document = parse(query);
const isMutation = document.definitions[0].operation === "mutation";
const codes = (errors) => ({ errors: errors.map((error) => error.extensions.code) });

const clients = {
  async apollo() {
    const link = ApolloLink.from([new HttpLink({ uri: url, headers })]);
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    try {
      const { data } = isMutation
        ? await client.mutate({ mutation: document, variables })
        : await client.query({ query: document, variables });
      return { data };
    } catch (error) {
      if (CombinedGraphQLErrors.is(error)) return codes(error.errors);
      if (ServerError.is(error)) return codes(JSON.parse(error.bodyText).errors);
      throw error;
    }
  },
  async urql() {
    const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], fetchOptions: { headers }, preferGetMethod: false });
    const { data, error } = await client[isMutation ? "mutation" : "query"](document, variables);
    return error ? codes(error.graphQLErrors) : { data };
  },
  async request() {
    try {
      return { data: await new GraphQLClient(url, { headers }).request(document, variables) };
    } catch (error) {
      if (error instanceof ClientError) return codes(error.response.errors);
      throw error;
    }
  },
};
console.log(JSON.stringify(await clients[name]()));
