"use strict";
// One small program, four services: SERVICE picks the role, VERSION the behaviour. Plain Node, no dependencies.
const http = require("node:http");

const SERVICE = process.env.SERVICE || "productpage";
const VERSION = process.env.VERSION || "v1";
const POD = process.env.POD_NAME || require("node:os").hostname();
const PORT = Number(process.env.PORT || 9080);
const CALL_TIMEOUT_MS = 5000;
const peers = {
  details: process.env.DETAILS_URL || "http://details:9080",
  reviews: process.env.REVIEWS_URL || "http://reviews:9080",
  ratings: process.env.RATINGS_URL || "http://ratings:9080",
};

// A trace, and the routing by user, survive only if each service hands these on.
const PROPAGATED = [
  "x-request-id",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
  "traceparent",
  "tracestate",
  "end-user",
];

const BOOK = { title: "The Comedy of Errors", author: "William Shakespeare", year: 1595, pages: 200 };
const REVIEWS = [
  { reviewer: "Reviewer1", text: "An extremely entertaining play, and a short one." },
  { reviewer: "Reviewer2", text: "Fun, though thinner than the later comedies." },
];
const STARS = { Reviewer1: 5, Reviewer2: 4 };

/** GETs JSON from a peer. Never throws: a peer that fails is part of the answer, `{status, body}` or `{status: 0, error}`. */
function call(url, headers) {
  return new Promise((resolve) => {
    const request = http.get(url, { headers, timeout: CALL_TIMEOUT_MS, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("error", (error) => resolve({ status: 0, error: error.message }));
      response.on("end", () => {
        try {
          resolve({ status: response.statusCode, body: JSON.parse(text) });
        } catch {
          resolve({ status: response.statusCode, error: text.slice(0, 200) });
        }
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${CALL_TIMEOUT_MS} ms`)));
    request.on("error", (error) => resolve({ status: 0, error: error.message }));
  });
}

function propagated(request) {
  const kept = PROPAGATED.filter((name) => request.headers[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, request.headers[name]]));
}

/** Who called, by its client certificate. The sidecar that checked it appends to the header: only the last is to be believed. */
function caller(request) {
  const uris = [...(request.headers["x-forwarded-client-cert"] || "").matchAll(/(?:^|[;,])URI=([^;,]+)/gi)];
  return uris.length > 0 ? uris[uris.length - 1][1] : null;
}

function about(request) {
  return { service: SERVICE, version: VERSION, pod: POD, caller: caller(request) };
}

async function product(request, id) {
  const headers = propagated(request);
  const [details, reviews] = await Promise.all([
    call(`${peers.details}/details/${id}`, headers),
    call(`${peers.reviews}/reviews/${id}`, headers),
  ]);
  return { ...about(request), details, reviews };
}

async function reviews(request, id) {
  if (VERSION === "v1") return { ...about(request), id, reviews: REVIEWS };
  const ratings = await call(`${peers.ratings}/ratings/${id}`, propagated(request));
  const stars = ratings.status === 200 ? ratings.body.ratings : {};
  const color = VERSION === "v2" ? "black" : "red";
  return {
    ...about(request),
    id,
    ratings,
    reviews: REVIEWS.map((review) => ({ ...review, stars: stars[review.reviewer] ?? null, color })),
  };
}

const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function reviewItem(review) {
  const stars = review.stars ? ` <span style="color:${review.color}">${"★".repeat(review.stars)}</span>` : "";
  return `<li>${escape(review.text)} – ${escape(review.reviewer)}${stars}</li>`;
}

function html(page) {
  const failed = (answer) => `<p>not available: ${escape(answer.error || `status ${answer.status}`)}</p>`;
  const { details, reviews: shown } = page;
  const book = details.status === 200 ? details.body : undefined;
  const list = shown.status === 200 ? shown.body : undefined;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Bookinfo</title>
<body style="font-family:sans-serif;max-width:40em;margin:2em auto">
<h1>${escape(book ? book.title : "Bookinfo")}</h1>
<h2>Details</h2>
${book ? `<p>${escape(book.author)}, ${book.year}, ${book.pages} pages</p>` : failed(details)}
<h2>Reviews</h2>
${list ? `<ul>${list.reviews.map(reviewItem).join("")}</ul><p>served by reviews ${escape(list.version)}, pod ${escape(list.pod)}</p>` : failed(shown)}
<hr><p>productpage ${escape(page.version)}, pod ${escape(page.pod)}</p>
</body></html>
`;
}

const json = (body) => ({ type: "application/json", text: JSON.stringify(body) + "\n" });

const roles = {
  productpage: [
    [
      /^\/productpage$/,
      async (request) => ({ type: "text/html; charset=utf-8", text: html(await product(request, "0")) }),
    ],
    [/^\/products\/(\w+)$/, async (request, id) => json(await product(request, id))],
  ],
  details: [[/^\/details\/(\w+)$/, (request, id) => json({ ...about(request), id, ...BOOK })]],
  reviews: [[/^\/reviews\/(\w+)$/, async (request, id) => json(await reviews(request, id))]],
  ratings: [[/^\/ratings\/(\w+)$/, (request, id) => json({ ...about(request), id, ratings: STARS })]],
};

async function answer(request, response) {
  const [pathname] = request.url.split("?");
  const send = (status, { type, text }) => {
    // A server that is stopping closes each connection after its answer, so that callers move to another pod.
    const closing = server.listening ? {} : { connection: "close" };
    response.writeHead(status, { "content-type": type, "x-served-by": `${SERVICE}-${VERSION}`, ...closing });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  if (pathname === "/healthz") return send(200, json({ status: "ok", service: SERVICE, version: VERSION }));
  if (request.method !== "GET" && request.method !== "HEAD")
    return send(405, json({ error: "only GET is answered" }));
  for (const [pattern, handler] of roles[SERVICE]) {
    const match = pattern.exec(pathname);
    if (match) return send(200, await handler(request, match[1]));
  }
  send(404, json({ error: `${SERVICE} has no ${pathname}` }));
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: "internal error" }) + "\n");
  });
});

function stop(signal) {
  console.log(`${signal}: finishing open requests`);
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}

if (!Object.hasOwn(roles, SERVICE)) {
  console.error(`SERVICE is "${SERVICE}", expected one of ${Object.keys(roles).join(", ")}`);
  process.exit(2);
}
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop(signal));
server.listen(PORT, () => console.log(`${SERVICE} ${VERSION} listens on ${server.address().port}`));
