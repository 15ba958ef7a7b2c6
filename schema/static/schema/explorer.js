"use strict";
// The page's data stands in its attributes, because the content security policy allows no inline script.
(function () {
  const root = document.getElementById("graphiql");
  const fetcher = function (operation) {
    return fetch(root.dataset.endpoint, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        "Accept": "application/graphql-response+json",
        "X-CSRFToken": root.dataset.csrf,
      },
      body: JSON.stringify(operation),
    }).then(function (response) { return response.json(); });
  };
  ReactDOM.createRoot(root).render(
    React.createElement(GraphiQL, { fetcher: fetcher, defaultQuery: root.dataset.example })
  );
})();
